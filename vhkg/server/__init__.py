"""`vhkg serve`: pages, an HTTP API, a SPARQL endpoint and CDS Hooks, over HTTP and nothing else.

    app          create_app                    the ASGI application
    service      Service, Settings             what every route is given
    running      serve                         the application on a socket of this machine
    api          …/api/recommend, …            JSON as the commands print it; openapi describes it
    sparql/      /sparql                       SPARQL 1.1 Protocol
    cds/         /cds-services                 CDS Hooks 2.0

What a request says of a patient arrives in its body, is held in memory for as long as the request lasts, and stands in
no log line, error or file. Nothing is fetched from anywhere. Handlers are thin: reading, answering and rendering are
those of the commands.
"""
