package dev.runnel.http.admin;

import static dev.runnel.account.Role.SUPERUSER;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runnel.bus.Runs;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.Routes;
import dev.runnel.problem.Problem;
import dev.runnel.run.Output;
import dev.runnel.run.Page;
import dev.runnel.run.RunEvent;
import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /runs/:runId/search}: lines of the stored output that hold a text. */
final class SearchRoutes {
  private static final int LONGEST = 200;
  private static final int FOUND = 100;
  private static final int MOST_FOUND = 1_000;

  /** Read at a time; looking through it takes about a millisecond of the event loop. */
  private static final int PAGE_BYTES = 256 * 1024;

  /** Bytes of output that one answer looks through at most. */
  private static final long BUDGET = 4 << 20;

  private final Runs runs;

  private SearchRoutes(Runs runs) {
    this.runs = runs;
  }

  static void mount(Routes routes, Runs runs) {
    var here = new SearchRoutes(runs);
    routes.get(AdminDoor.BASE + "/runs/:runId/search", SUPERUSER, here::search);
  }

  /** {@code cut} is there when only a part of the line is shown. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Item(long seq, String ts, String stream, String line, @Nullable Boolean cut) {}

  /** {@code nextCursor} null: everything that is stored was looked through. */
  record Items(List<Item> items, @Nullable String nextCursor) {}

  private Future<Answer> search(Call call) {
    var wanted = call.query("q");
    if (wanted == null || wanted.length() > LONGEST || wanted.indexOf('\n') >= 0) {
      throw new Problem.Invalid("q", "q must be a text of 1 to " + LONGEST + " characters");
    }
    var output = OutputRoutes.stream(call);
    var limit = QueryNumber.of(call, "limit", 1, MOST_FOUND, FOUND);
    var given = call.query("cursor");
    var cursor =
        given == null
            ? SearchCursor.start(LogRoutes.seq(call.query("since")))
            : SearchCursor.of(given);
    return OutputRoutes.run(runs, call)
        .compose(run -> new Looking(run.id(), output, new LineSearch(wanted, limit), cursor).go());
  }

  /** One request's way through the log. */
  private final class Looking {
    private final UUID id;
    private final @Nullable Output output;
    private final LineSearch lines;
    private long since;
    private int offset;
    private long looked;

    Looking(UUID id, @Nullable Output output, LineSearch lines, SearchCursor from) {
      this.id = id;
      this.output = output;
      this.lines = lines;
      this.since = from.since();
      this.offset = from.offset();
      from.open().forEach(lines::resume);
    }

    Future<Answer> go() {
      if (lines.isFull() || looked >= BUDGET) {
        return Future.succeededFuture(answer(cursor()));
      }
      return runs.stored(id, since, PAGE_BYTES).compose(this::take);
    }

    private Future<Answer> take(Page page) {
      for (var event : page.events()) {
        if (event instanceof RunEvent.Log log) {
          looked += log.bytes().length;
          if (!look(log)) {
            return go();
          }
        } else if (event instanceof RunEvent.Gap && !lines.closeAll()) {
          return go();
        }
        since = event.seq();
        offset = 0;
      }
      if (page.ended() || page.events().isEmpty()) {
        return Future.succeededFuture(answer(lines.closeAll() ? null : cursor()));
      }
      return go();
    }

    /** False when it ended within the chunk. */
    private boolean look(RunEvent.Log log) {
      if (output != null && log.output() != output) {
        return true;
      }
      offset = lines.look(log, Math.min(offset, log.bytes().length));
      return offset == log.bytes().length;
    }

    private String cursor() {
      var open = new EnumMap<Output, LineSearch.Open>(Output.class);
      for (var one : Output.values()) {
        var line = lines.open(one);
        if (line != null) {
          open.put(one, line);
        }
      }
      return new SearchCursor(since, offset, open).word();
    }

    private Answer answer(@Nullable String next) {
      return Answer.ok(new Items(lines.found().stream().map(SearchRoutes::item).toList(), next));
    }
  }

  private static Item item(LineSearch.Found found) {
    return new Item(
        found.seq(),
        Timestamps.of(found.at()),
        found.output().wire(),
        found.line(),
        found.cut() ? true : null);
  }
}
