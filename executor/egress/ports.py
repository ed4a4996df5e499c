"""The ports on which a webtask may connect, unless WEBTASKS_EGRESS_PORTS names others.

Each is a listener in every sandbox: 2.8 kB of kernel memory, 13 microseconds at its start and a descriptor of the
executor's. So this is what the clients of webtasks speak, not every number there is. Port 25 is missing: a webtask
that sends mail uses a submission port, one that speaks to any mail server sends spam. DNS is always there.
"""

from executor.sandbox.network import DNS_PORT

USUAL = {
    80: "HTTP",
    443: "HTTPS and websockets",
    8080: "HTTP, second choice",
    8443: "HTTPS, second choice",
    9200: "Elasticsearch and OpenSearch",
    5432: "PostgreSQL",
    6432: "PostgreSQL behind PgBouncer",
    6543: "PostgreSQL behind a hosted pooler",
    3306: "MySQL and MariaDB",
    33060: "MySQL's X protocol",
    1433: "Microsoft SQL Server",
    27017: "MongoDB",
    6379: "Redis and Valkey",
    6380: "Redis with TLS",
    9042: "Cassandra",
    5671: "AMQP with TLS",
    5672: "AMQP (RabbitMQ)",
    9092: "Kafka",
    9093: "Kafka with TLS",
    4222: "NATS",
    8883: "MQTT with TLS",
    1883: "MQTT",
    587: "mail submission",
    465: "mail submission with TLS",
    2525: "mail submission where 587 is closed",
    993: "IMAP with TLS",
    995: "POP3 with TLS",
    636: "LDAP with TLS",
}


def listened_on(named: tuple[int, ...] | None) -> tuple[int, ...]:
    """The ports of a sandbox, DNS among them: `named` by the node's owner, or the usual ones."""
    if named == ():
        return ()
    return tuple(sorted({DNS_PORT, *(USUAL if named is None else named)}))
