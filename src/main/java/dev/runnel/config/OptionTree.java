package dev.runnel.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The record tree read by reflection: which options there are, and a tree of given values. */
final class OptionTree {

  /** Every option by its key, in the order of the records. */
  static final SequencedMap<String, OptionField> FIELDS = fields();

  /** The groups and what they are about, in order. */
  static final SequencedMap<String, String> GROUPS = groups();

  private OptionTree() {}

  /** The tree that holds these values by key; an option without one is unset. */
  static Options of(Map<String, ? extends @Nullable Object> values) {
    var groups = new ArrayList<Object>();
    for (var group : Options.class.getRecordComponents()) {
      groups.add(
          made(
              group.getType(),
              Arrays.stream(group.getType().getRecordComponents())
                  .map(option -> values.get(key(group, option)))
                  .toArray()));
    }
    return made(Options.class, groups.toArray());
  }

  /** The values of a tree by key, as they would be written in the file. */
  static SequencedMap<String, String> shown(Options options) {
    var shown = new LinkedHashMap<String, String>();
    for (var group : Options.class.getRecordComponents()) {
      var record = (Record) Objects.requireNonNull(value(group, options));
      for (var option : group.getType().getRecordComponents()) {
        var key = key(group, option);
        shown.put(key, field(key, option).shown(value(option, record)));
      }
    }
    return Collections.unmodifiableSequencedMap(shown);
  }

  /** One group for logs; its secrets stay hidden. */
  static String shown(Record group) {
    return Arrays.stream(group.getClass().getRecordComponents())
        .map(option ->
            option.getName() + "=" + field(option.getName(), option).shown(value(option, group)))
        .collect(Collectors.joining(", ", group.getClass().getSimpleName() + "[", "]"));
  }

  /** What the group of an unknown key offers, for its message. */
  static String offered(String key) {
    var group = key.split("\\.", 2)[0];
    return GROUPS.containsKey(group)
        ? group + " has " + String.join(", ", namesIn(group))
        : "the groups are " + String.join(", ", GROUPS.keySet());
  }

  private static List<String> namesIn(String group) {
    return FIELDS.keySet().stream()
        .filter(key -> key.startsWith(group + "."))
        .map(key -> key.substring(group.length() + 1))
        .toList();
  }

  private static SequencedMap<String, OptionField> fields() {
    var fields = new LinkedHashMap<String, OptionField>();
    for (var group : Options.class.getRecordComponents()) {
      for (var option : group.getType().getRecordComponents()) {
        var key = key(group, option);
        fields.put(key, field(key, option));
      }
    }
    return Collections.unmodifiableSequencedMap(fields);
  }

  private static SequencedMap<String, String> groups() {
    var groups = new LinkedHashMap<String, String>();
    for (var group : Options.class.getRecordComponents()) {
      groups.put(group.getName(), group.getAnnotation(Group.class).value());
    }
    return Collections.unmodifiableSequencedMap(groups);
  }

  private static String key(RecordComponent group, RecordComponent option) {
    return group.getName() + "." + option.getName();
  }

  private static OptionField field(String key, RecordComponent option) {
    return new OptionField(key, option.getType(), option.getAnnotation(Option.class));
  }

  private static @Nullable Object value(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException broken) {
      throw new IllegalStateException("Option " + component + " cannot be read", broken);
    }
  }

  private static <T> T made(Class<T> type, @Nullable Object[] values) {
    var types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException broken) {
      throw new IllegalStateException("Options " + type + " cannot be made", broken);
    }
  }
}
