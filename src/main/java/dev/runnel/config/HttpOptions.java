package dev.runnel.config;

import dev.runnel.config.Option.Unit;
import java.time.Duration;

/** Where and how the service listens. */
public record HttpOptions(
    @Option(
            variable = "RUNNEL_HTTP_HOST",
            initial = "127.0.0.1",
            pattern = "[A-Za-z0-9_.:%-]+",
            allowed = "an address or name of this host",
            meaning = "Address to listen on. The container image sets `0.0.0.0`.")
        String host,
    @Option(
            variable = "RUNNEL_HTTP_PORT",
            initial = "8090",
            min = "0",
            max = "65535",
            meaning = "Port to listen on; `0` takes any free one and prints it.")
        int port,
    @Option(
            variable = "RUNNEL_HTTP_BOSBASE_BODY_LIMIT",
            initial = "32 MiB",
            min = "1 KiB",
            max = "1 GiB",
            unit = Unit.BYTES,
            meaning = "Largest request body of the BosBase door; over it 413.")
        long bosbaseBodyLimit,
    @Option(
            variable = "RUNNEL_HTTP_ADMIN_BODY_LIMIT",
            initial = "2 MiB",
            min = "1 KiB",
            max = "1 GiB",
            unit = Unit.BYTES,
            meaning = "Largest request body of the admin door; over it 413.")
        long adminBodyLimit,
    @Option(
            variable = "RUNNEL_UPLOAD_LIMIT",
            initial = "1 GiB",
            min = "1 KiB",
            max = "1024 GiB",
            unit = Unit.BYTES,
            meaning = "Largest file that may be uploaded; over it 413.")
        long uploadLimit,
    @Option(
            variable = "RUNNEL_CORS_ORIGINS",
            initial = "*",
            pattern =
                "\\*|none|(?i)[a-z][a-z0-9+.-]*://[^\\s,/]+"
                    + "(\\s*,\\s*[a-z][a-z0-9+.-]*://[^\\s,/]+)*",
            allowed = "`*`, `none`, or origins with commas: `https://app.example.com`",
            meaning =
                "Sites whose pages may call the BosBase door from a browser, with a token of their"
                    + " own; `*` is any. Never with cookies, and never the admin door.")
        String corsOrigins,
    @Option(
            variable = "RUNNEL_HTTP_PING_INTERVAL",
            initial = "15 s",
            min = "100 ms",
            max = "5 min",
            unit = Unit.TIME,
            meaning =
                "How often an event stream gets a comment and a WebSocket a ping, so that proxies"
                    + " keep them open.")
        Duration pingInterval,
    @Option(
            variable = "RUNNEL_HTTP_STALL_TIMEOUT",
            initial = "60 s",
            min = "1 s",
            max = "1 h",
            unit = Unit.TIME,
            meaning =
                "A stream or WebSocket whose reader takes nothing for so long is closed, and so is"
                    + " a request whose body, or a WebSocket whose first message, does not come.")
        Duration stallTimeout,
    @Option(
            variable = "RUNNEL_HTTP_LONGEST_WAIT",
            initial = "300 s",
            min = "1 s",
            max = "24 h",
            unit = Unit.TIME,
            meaning =
                "Longest `Prefer: wait=N` of a start; a longer one is cut, and the answer says so"
                    + " (`Preference-Applied`).")
        Duration longestWait) {}
