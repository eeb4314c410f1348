package dev.runnel.worker.wasm;

import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Arguments and returned values as text, as the command line {@code wasmedge} has them. */
final class Values {
  private static final BigInteger TWO = BigInteger.TWO;

  private Values() {}

  /** The arguments for a function of that type. */
  static long[] parsed(String function, FunctionType type, List<String> texts) throws Refused {
    var params = type.params();
    if (params.size() != texts.size()) {
      throw new Refused(
          "%s takes %d arguments (%s), not %d"
              .formatted(function, params.size(), names(params), texts.size()));
    }
    var values = new long[texts.size()];
    for (var i = 0; i < values.length; i++) {
      values[i] = parsed(function, i + 1, params.get(i), texts.get(i));
    }
    return values;
  }

  private static long parsed(String function, int position, ValType type, String text)
      throws Refused {
    try {
      if (type.equals(ValType.I32)) {
        return integer(text, 32).intValue();
      } else if (type.equals(ValType.I64)) {
        return integer(text, 64).longValue();
      } else if (type.equals(ValType.F32)) {
        return Integer.toUnsignedLong(Float.floatToRawIntBits(Float.parseFloat(floating(text))));
      } else if (type.equals(ValType.F64)) {
        return Double.doubleToRawLongBits(Double.parseDouble(floating(text)));
      }
    } catch (NumberFormatException wrong) {
      throw new Refused(
          "argument %d of %s must be of type %s, not %s"
              .formatted(position, function, name(type), text),
          wrong);
    }
    throw new Refused(
        "argument %d of %s is of type %s, which cannot be given as text"
            .formatted(position, function, name(type)));
  }

  /** From the least signed to the largest unsigned one. */
  private static BigInteger integer(String text, int bits) {
    var value = new BigInteger(text);
    if (value.compareTo(TWO.pow(bits - 1).negate()) < 0 || value.compareTo(TWO.pow(bits)) >= 0) {
      throw new NumberFormatException("out of range");
    }
    return value;
  }

  private static String floating(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan" -> "NaN";
      case "inf", "+inf", "infinity" -> "Infinity";
      case "-inf", "-infinity" -> "-Infinity";
      default -> text;
    };
  }

  /** What was returned, a line for each; integers are unsigned there. */
  static String printed(FunctionType type, long[] values) {
    var lines = new StringBuilder();
    for (var i = 0; i < type.returns().size(); i++) {
      var kind = type.returns().get(i);
      if (kind.equals(ValType.I32)) {
        lines.append(Integer.toUnsignedString((int) values[i])).append('\n');
      } else if (kind.equals(ValType.I64)) {
        lines.append(Long.toUnsignedString(values[i])).append('\n');
      } else if (kind.equals(ValType.F32)) {
        var value = Float.intBitsToFloat((int) values[i]);
        lines.append(printed(value, Float.toString(value))).append('\n');
      } else if (kind.equals(ValType.F64)) {
        var value = Double.longBitsToDouble(values[i]);
        lines.append(printed(value, Double.toString(value))).append('\n');
      }
    }
    return lines.toString();
  }

  /** The shortest digits that mean this number, as C++ prints them: 1, 0.1, 1e+20, nan, -inf. */
  private static String printed(double value, String shortest) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value < 0 ? "-inf" : "inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    var digits = new BigDecimal(shortest).stripTrailingZeros();
    var exponent = digits.precision() - digits.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      return digits.toPlainString();
    }
    var sign = value < 0 ? "-" : "";
    var all = digits.unscaledValue().abs().toString();
    var fraction = all.length() == 1 ? "" : "." + all.substring(1);
    return "%s%s%se%s%02d"
        .formatted(sign, all.charAt(0), fraction, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  /** {@code i32, f64}. */
  static String names(List<ValType> types) {
    return types.isEmpty()
        ? "none"
        : types.stream().map(Values::name).collect(Collectors.joining(", "));
  }

  private static String name(ValType type) {
    return type.toString().toLowerCase(Locale.ROOT);
  }
}
