package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code ?fields=…} leaves of an answer. */
class FieldPickerTest {
  private static final String ONE =
      "{'a':1,'b':{'c':2,'d':{'e':3,'f':4}},'g':[{'h':5,'i':6},7,{'h':8}],'j':null}";
  private static final String LIST = "{'page':1,'total':2,'items':[{'a':1,'b':{'c':2}},{'b':3}]}";

  private static String picked(String json, String fields) {
    var value = Json.value(json.replace('\'', '"'));
    Objects.requireNonNull(FieldPicker.of(fields)).pick(value);
    return value.toString().replace('"', '\'');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          a            | {'a':1}
          a , j        | {'a':1,'j':null}
          x            | {}
          ,            | {}
          b            | {'b':{'c':2,'d':{'e':3,'f':4}}}
          b.c          | {'b':{'c':2}}
          b.c,b.d.f    | {'b':{'c':2,'d':{'f':4}}}
          b,b.c        | {'b':{'c':2,'d':{'e':3,'f':4}}}
          b.*          | {'b':{'c':2,'d':{'e':3,'f':4}}}
          b.*,b.d.e    | {'b':{'c':2,'d':{'e':3}}}
          g.h          | {'g':[{'h':5},7,{'h':8}]}
          a.x          | {'a':1}
          *            | {'a':1,'b':{'c':2,'d':{'e':3,'f':4}},'g':[{'h':5,'i':6},7,{'h':8}],'j':null}
          *,b.c,g.i    | {'a':1,'b':{'c':2},'g':[{'i':6},7,{}],'j':null}
          """)
  void ofOneObject(String fields, String left) {
    assertThat(picked(ONE, fields)).isEqualTo(left);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          a            | {'page':1,'total':2,'items':[{'a':1},{}]}
          b.c          | {'page':1,'total':2,'items':[{'b':{'c':2}},{'b':3}]}
          items.a      | {'items':[{'a':1},{}]}
          items        | {'items':[{'a':1,'b':{'c':2}},{'b':3}]}
          page         | {'page':1}
          page,a       | {'page':1,'items':[{'a':1},{}]}
          page,items.a | {'page':1,'items':[{'a':1},{}]}
          *            | {'page':1,'total':2,'items':[{'a':1,'b':{'c':2}},{'b':3}]}
          x            | {'page':1,'total':2,'items':[{},{}]}
          """)
  void ofAList(String fields, String left) {
    assertThat(picked(LIST, fields)).isEqualTo(left);
  }

  @Test
  void ofAnArrayAndOfNothing() {
    assertThat(picked("[{'a':1,'b':2},[{'b':3}]]", "a")).isEqualTo("[{'a':1},[{}]]");
    assertThat(FieldPicker.of(null)).isNull();
    assertThat(FieldPicker.of(" ")).isNull();
  }
}
