/** What is said of the next version until there is one; the dialog and the changes ask for the same. */
export class Message {
  text = $state("");
}
