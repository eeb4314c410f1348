package dev.runnel.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads the YAML file as a stream of tokens: nothing is expanded, so no file can blow up. Messages
 * never quote the file, a secret may stand anywhere in it.
 */
final class OptionFile {
  private static final int MOST_BYTES = 256 * 1024;
  private static final YAMLFactory YAML = new YAMLFactory();

  private final Path path;
  private final Map<String, Given> given;
  private final List<String> problems;
  private final Set<String> seen = new HashSet<>();

  /** Values found go to {@code given} by key, what is wrong to {@code problems}. */
  OptionFile(Path path, Map<String, Given> given, List<String> problems) {
    this.path = path;
    this.given = given;
    this.problems = problems;
  }

  /**
   * @param place where the path leads from the working directory
   * @param required whether its absence is a problem
   */
  void read(Path place, boolean required) {
    try (var in = Files.newInputStream(place)) {
      var bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        problems.add(path + " is larger than " + Quantity.text(MOST_BYTES));
        return;
      }
      parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (NoSuchFileException missing) {
      if (required) {
        problems.add(path + " does not exist");
      }
    } catch (AccessDeniedException denied) {
      problems.add(path + " cannot be read: permission denied");
    } catch (CharacterCodingException notText) {
      problems.add(path + " is not UTF-8");
    } catch (IOException failure) {
      problems.add(path + " cannot be read: " + failure.getMessage());
    }
  }

  private void parse(String text) throws IOException {
    try (var parser = YAML.createParser(text.startsWith("\uFEFF") ? text.substring(1) : text)) {
      var first = parser.nextToken();
      if (first == JsonToken.START_OBJECT) {
        group("", parser);
      } else if (first != null && first != JsonToken.VALUE_NULL) {
        problems.add(path + " does not hold options; " + OptionTree.offered(""));
        return;
      }
      if (first != null && parser.nextToken() != null) {
        problems.add(line(parser) + ": a second document");
      }
    } catch (JacksonException broken) {
      var at = broken.getLocation();
      problems.add(
          path
              + " is not valid YAML"
              + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr()));
    } catch (YAMLException broken) {
      problems.add(path + " is not valid YAML");
    }
  }

  private void group(String prefix, YAMLParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var key = prefix + parser.currentName();
      var line = line(parser);
      var token = parser.nextToken();
      if (!seen.add(key)) {
        problems.add(line + ": " + Given.quoted(key) + " stands here a second time");
      }
      if (OptionTree.GROUPS.containsKey(key)) {
        if (token == JsonToken.START_OBJECT) {
          group(key + ".", parser);
        } else if (token != JsonToken.VALUE_NULL || parser.isCurrentAlias()) {
          problems.add(line + ": " + key + " is a group of options and has no value of its own");
          parser.skipChildren();
        }
      } else if (!OptionTree.FIELDS.containsKey(key)) {
        problems.add(
            line + ": " + Given.quoted(key) + " is not an option; " + OptionTree.offered(key));
        parser.skipChildren();
      } else {
        value(OptionTree.FIELDS.get(key), line, token, parser);
      }
    }
  }

  private void value(OptionField field, String line, JsonToken token, YAMLParser parser)
      throws IOException {
    if (parser.isCurrentAlias()) {
      problems.add(line + ": " + field.name() + " is an alias; write the value itself");
    } else if (token == JsonToken.VALUE_NULL) {
      return;
    } else if (token.isScalarValue() && token != JsonToken.VALUE_EMBEDDED_OBJECT) {
      given.put(field.key(), new Given(parser.getText(), line));
    } else {
      problems.add(line + ": " + field.name() + " takes one value, not a list or a group");
      parser.skipChildren();
    }
  }

  private String line(YAMLParser parser) {
    return path + " line " + parser.currentTokenLocation().getLineNr();
  }
}
