"""What senders of webhooks sign, and how it is checked. Standard library only: the console reads the table of senders, too."""
