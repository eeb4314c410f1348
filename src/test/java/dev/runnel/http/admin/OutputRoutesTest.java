package dev.runnel.http.admin;

import static dev.runnel.http.HttpScenarios.Who.BASIC;

import dev.runnel.http.HttpScenarios;

/** What a run has printed: as a text, as a file, as its result, searched. */
class OutputRoutesTest extends HttpScenarios {
  private static final String BASE = "/api/admin/scripts";

  private void ended(String name, String script) {
    route("POST", BASE)
        .as(BASIC)
        .body(
            "{\"name\":\"%s\",\"codeIdentifier\":\"%s\",\"type\":\"bash\",\"script\":\"%s\"}"
                .formatted(name, name, script))
        .expect(201);
    route("POST", BASE + "/" + name + "/run")
        .as(BASIC)
        .body("{\"wait\":20000}")
        .expect(200)
        .json("/item/status", "succeeded")
        .keep(name, "runId")
        .keep(name + "Last", "/item/lastSeq")
        .keep(name + "Created", "/item/createdAt");
  }

  {
    ended("small", "echo one; sleep 0.5; echo two >&2; sleep 0.5; echo '{}'");
    ended("empty", "true");
    ended("wide", "printf '[\\\"%0100000d\\\"]\\\\n' 7");
    // Two MiB where one is kept.
    ended("flood", "seq 1 300000; sleep 0.5; echo end >&2");

    var small = BASE + "/runs/{small}/";
    route("GET", small + "programmatic-output")
        .as(BASIC)
        .expect(200)
        .json("runId", "{small}")
        .json("programmaticOutput", "{}")
        .json("outputType", "console")
        .json("isJson", true)
        .jsonText("parsedResult", "{}")
        .json("result", null)
        .json("final", true);
    route("GET", BASE + "/runs/{wide}/programmatic-output")
        .as(BASIC)
        .expect(200)
        .json("outputType", "console")
        .json("isJson", true)
        .json("/parsedResult/0", "%0100000d".formatted(7));

    route("GET", small + "download")
        .as(BASIC)
        .expect(
            200,
            "Status: succeeded\nExit Code: 0\nStarted: ",
            """
            Output Size: 11 characters
            Line Count: 3
            Created: {smallCreated}
            ==================================================
            one
            two
            {}
            """)
        .answers("Content-Type", "text/plain; charset=utf-8");
    route("GET", small + "download?stream=stderr").as(BASIC).expect(200, "=\ntwo\n");
    route("GET", small + "download?raw=yes").as(BASIC).expect(400);
    route("GET", small + "download?raw=1&stream=both").as(BASIC).expect(400);

    route("GET", small + "download?raw=1")
        .as(BASIC)
        .expect(200)
        .is("one\ntwo\n{}\n")
        .answers("Content-Length", "11")
        .answers("Accept-Ranges", "bytes")
        .answers("X-Log-Truncated", "false")
        .answers("Content-Type", "application/octet-stream");
    range("small", "", "bytes=0-0", "o", "bytes 0-0/11");
    range("small", "", "bytes=2-5", "e\ntw", "bytes 2-5/11");
    range("small", "", "bytes=8-", "{}\n", "bytes 8-10/11");
    range("small", "", "bytes=9-100", "}\n", "bytes 9-10/11");
    range("small", "", "bytes=-2", "}\n", "bytes 9-10/11");
    range("small", "", "bytes=-99", "one\ntwo\n{}\n", "bytes 0-10/11");
    range("small", "&stream=stdout", "bytes=3-4", "\n{", "bytes 3-4/7");
    route("GET", small + "download?raw=1")
        .as(BASIC)
        .header("Range", "bytes=11-")
        .expect(416)
        .answers("Content-Range", "bytes */11")
        .as(BASIC)
        .header("Range", "bytes=-0")
        .expect(416)
        .as(BASIC)
        .header("Range", "bytes=0-1,3-4")
        .expect(200)
        .is("one\ntwo\n{}\n")
        .as(BASIC)
        .header("Range", "lines=1-2")
        .expect(200)
        .as(BASIC)
        .header("Range", "bytes=5-2")
        .expect(200)
        .as(BASIC)
        .header("Range", "bytes=0-1")
        .header("If-Range", "\"another\"")
        .expect(200)
        .as(BASIC)
        .header("Range", "bytes=0-1")
        .header("If-Range", "\"{small}-{smallLast}\"")
        .expect(206)
        .is("on")
        .as(BASIC)
        .header("If-None-Match", "\"{small}-{smallLast}\"")
        .expect(304)
        .is("");
    route("HEAD", small + "download?raw=1")
        .as(BASIC)
        .header("Range", "bytes=0-1")
        .expect(200)
        .is("")
        .answers("Content-Length", "11");
    route("GET", BASE + "/runs/{empty}/download?raw=1")
        .as(BASIC)
        .expect(200)
        .is("")
        .answers("Content-Length", "0")
        .as(BASIC)
        .header("Range", "bytes=0-")
        .expect(416);

    route("GET", BASE + "/runs/{flood}/full-output")
        .as(BASIC)
        .expect(200, "bytes of output are left out here]\\n", "299999\\n300000\\nend\\n")
        .json("truncated", true);
    route("GET", BASE + "/runs/{flood}/full-output?stream=stderr")
        .as(BASIC)
        .expect(200)
        .json("fullOutput", "end\n")
        .json("truncated", false);
    route("GET", BASE + "/runs/{flood}/download?stream=stderr")
        .as(BASIC)
        .expect(200, "=\nend\n")
        .excludes("left out");
    route("GET", BASE + "/runs/{flood}/download?stream=stdout")
        .as(BASIC)
        .expect(200, " bytes of output are left out here]\n");
    route("GET", BASE + "/runs/{flood}/download?raw=1&stream=stderr")
        .as(BASIC)
        .expect(200)
        .answers("X-Log-Truncated", "false")
        .answersNo("X-Log-Gap");
    route("GET", BASE + "/runs/{flood}/download?raw=1&stream=stdout")
        .as(BASIC)
        .expect(200)
        .answers("X-Log-Truncated", "true");
    route("GET", BASE + "/runs/{flood}/full-output?limit=10")
        .as(BASIC)
        .expect(200)
        .json("fullOutput", "1\n2\n3\n4\n5\n");
    route("GET", BASE + "/runs/{flood}/download")
        .as(BASIC)
        .expect(200, "\n1\n2\n3\n", " bytes of output are left out here]\n", "\n300000\nend\n");
    route("GET", BASE + "/runs/{flood}/download?raw=1")
        .as(BASIC)
        .expect(200)
        .excludes("left out")
        .answers("X-Log-Truncated", "true");
    range("flood", "&stream=stderr", "bytes=1-2", "nd", "bytes 1-2/4");

    route("GET", small + "search?q=o")
        .as(BASIC)
        .expect(200)
        .json("/items/0/seq", 2)
        .json("/items/0/stream", "stdout")
        .json("/items/0/line", "one")
        .json("/items/1/seq", 3)
        .json("/items/1/line", "two")
        .jsonText("/items/2", "")
        .json("nextCursor", null);
    route("GET", small + "search?q=o&stream=stderr").as(BASIC).expect(200).json("/items/0/seq", 3);
    route("GET", small + "search?q=o&since=2").as(BASIC).expect(200).json("/items/0/seq", 3);
    route("GET", small + "search?q=nothing").as(BASIC).expect(200).jsonText("items", "[]");
    route("GET", small + "search").as(BASIC).expect(400, "q must be");
    route("GET", small + "search?q=o&cursor=AAAA").as(BASIC).expect(400, "cursor must be");
    route("GET", small + "search?q=o&limit=0").as(BASIC).expect(400);
    route("GET", BASE + "/runs/nothing/search?q=o").as(BASIC).expect(404);
    route("GET", BASE + "/runs/{flood}/search?q=99999&limit=1")
        .as(BASIC)
        .expect(200)
        .json("/items/0/line", "299999")
        .jsonText("/items/1", "")
        .keep("next", "nextCursor");
    route("GET", BASE + "/runs/{flood}/search?q=99999&limit=1&cursor={next}")
        .as(BASIC)
        .expect(200)
        .jsonText("items", "[]")
        .json("nextCursor", null);
  }

  private void range(String run, String more, String range, String body, String answered) {
    route("GET", BASE + "/runs/{" + run + "}/download?raw=1" + more)
        .as(BASIC)
        .header("Range", range)
        .expect(206)
        .is(body)
        .answers("Content-Range", answered)
        .answers("Content-Length", Integer.toString(body.length()));
  }
}
