package dev.runnel.http.admin;

import dev.runnel.config.LimitOptions;
import dev.runnel.http.Fields;
import dev.runnel.problem.Problem;
import dev.runnel.script.CodeIdentifier;
import dev.runnel.script.Concurrency;
import dev.runnel.script.Language;
import dev.runnel.script.Limits;
import dev.runnel.script.Runner;
import dev.runnel.script.ScriptChange;
import dev.runnel.script.ScriptDraft;
import dev.runnel.script.ScriptText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The writable fields of a definition. A field that is absent keeps its value or gets its default;
 * fields we do not know are ignored.
 */
final class DefinitionInput {
  private static final int MAX_NAME = 200;
  private static final int MAX_DESCRIPTION = 4_000;
  private static final int MAX_DIRECTORY = 4_000;

  private DefinitionInput() {}

  /** What cannot be a name at the other doors cannot be a new identifier at this one. */
  private static String usableName(String code) {
    if (code.startsWith("-")) {
      throw new Problem.Invalid("codeIdentifier", "codeIdentifier must not start with '-'");
    }
    return code;
  }

  /** A new definition. Its code identifier is its name at the other doors. */
  static ScriptDraft draft(Fields body, LimitOptions most) {
    refuseWhatIsNotBuilt(body);
    var title = required("name", name(body));
    var code = usableName(CodeIdentifier.checked(body.text("codeIdentifier", "")));
    var language = required("type", type(body));
    var runner = runner(body);
    if (runner == null) {
      runner = Runner.defaultOf(language);
    }
    checkPair(language, runner);
    var concurrency = concurrency(body);
    var timeout = LimitsInput.timeout(body, most);
    var env = EnvInput.ofDefinition(body);
    var limits = LimitsInput.of(body, most);
    var enabled = body.flag("enabled");
    return new ScriptDraft(
        code,
        code,
        title,
        checked("description", body.text("description", ""), MAX_DESCRIPTION),
        language,
        runner,
        required("script", script(body)),
        checked("defaultWorkingDirectory", directory(body, ""), MAX_DIRECTORY),
        env == null ? List.of() : env,
        timeout == null || timeout.isZero() ? null : timeout,
        enabled == null || enabled,
        concurrency == null ? Concurrency.SINGLE : concurrency,
        limits == null ? Limits.DEFAULT : limits,
        TurnInput.of(body));
  }

  /** What a PUT changes; {@code ifMatch} is the header that names the version it was made from. */
  static ScriptChange change(Fields body, @Nullable String ifMatch, LimitOptions most) {
    refuseWhatIsNotBuilt(body);
    var language = type(body);
    var runner = runner(body);
    if (language != null && runner != null) {
      checkPair(language, runner);
    }
    var description = body.text("description");
    var code = body.text("codeIdentifier");
    return new ScriptChange(
        code == null ? null : CodeIdentifier.checked(code),
        name(body),
        description == null ? null : checked("description", description, MAX_DESCRIPTION),
        language,
        runner,
        script(body),
        body.has("defaultWorkingDirectory")
            ? checked("defaultWorkingDirectory", directory(body, ""), MAX_DIRECTORY)
            : null,
        EnvInput.ofDefinition(body),
        LimitsInput.timeout(body, most),
        body.flag("enabled"),
        concurrency(body),
        LimitsInput.of(body, most),
        TurnInput.change(body),
        expectedVersion(body, ifMatch));
  }

  private static @Nullable String name(Fields body) {
    var name = body.text("name");
    if (name == null) {
      return null;
    }
    if (name.isBlank()) {
      throw new Problem.Invalid("name", "name is required");
    }
    return checked("name", name.strip(), MAX_NAME);
  }

  private static @Nullable Language type(Fields body) {
    var word = body.text("type");
    return word == null ? null : Words.of("type", word, Language.ofScripts());
  }

  private static @Nullable Runner runner(Fields body) {
    var word = body.text("runner");
    return word == null ? null : Words.of("runner", word, Runner.values());
  }

  private static void checkPair(Language language, Runner runner) {
    if (!runner.runs(language)) {
      throw new Problem.Invalid(
          "runner", "runner " + runner.wire() + " cannot run type " + language.wire());
    }
  }

  /** Base64 is a way to send the text, never a way to store it, and never guessed. */
  private static @Nullable String script(Fields body) {
    var format = body.text("scriptFormat", "string");
    if (!format.equals("string") && !format.equals("base64")) {
      throw new Problem.Invalid("scriptFormat", "scriptFormat must be one of string, base64");
    }
    var given = body.text("script");
    if (given == null) {
      return null;
    }
    var text = format.equals("base64") ? decoded(given) : given;
    if (text.isBlank()) {
      throw new Problem.Invalid("script", "script is required");
    }
    return ScriptText.checked(text);
  }

  private static String decoded(String base64) {
    try {
      var bytes = Base64.getDecoder().decode(base64);
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.indexOf('\0') < 0) {
        return text;
      }
    } catch (IllegalArgumentException | CharacterCodingException notText) {
      // Refused below, like a text with a NUL.
    }
    throw new Problem.Invalid("script", "Invalid base64 script content");
  }

  private static String directory(Fields body, String otherwise) {
    return body.text("defaultWorkingDirectory", otherwise).strip();
  }

  private static @Nullable Concurrency concurrency(Fields body) {
    var word = body.text("concurrency");
    return word == null ? null : Words.of("concurrency", word, Concurrency.values());
  }

  private static @Nullable Long expectedVersion(Fields body, @Nullable String ifMatch) {
    if (ifMatch == null || ifMatch.equals("*")) {
      return body.integer("version");
    }
    try {
      return Long.valueOf(ifMatch.replace("W/", "").replace("\"", "").strip());
    } catch (NumberFormatException notAVersion) {
      throw new Problem.Invalid("version", "If-Match must be a version number");
    }
  }

  private static void refuseWhatIsNotBuilt(Fields body) {
    for (var part : List.of("schedule", "apiTrigger")) {
      var given = body.object(part);
      if (given != null && Boolean.TRUE.equals(given.flag("enabled"))) {
        throw new Problem.Invalid(
            part + ".enabled", part + " is not built yet; leave " + part + ".enabled false");
      }
    }
  }

  private static String checked(String field, String text, int max) {
    if (text.codePointCount(0, text.length()) > max) {
      throw new Problem.Invalid(field, field + " is longer than " + max + " characters");
    }
    return text;
  }

  private static <T> T required(String field, @Nullable T given) {
    if (given == null) {
      throw new Problem.Invalid(field, field + " is required");
    }
    return given;
  }
}
