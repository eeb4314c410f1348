package dev.runnel.store;

import dev.runnel.script.EnvVariable;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import java.util.List;

/** Environment variables as a column: a sealed JSON list of pairs; no bytes for no variables. */
record SealedEnv(Sealer sealer) {

  Buffer seal(List<EnvVariable> variables) {
    if (variables.isEmpty()) {
      return Buffer.buffer();
    }
    var pairs = new JsonArray();
    variables.forEach(variable -> pairs.add(JsonArray.of(variable.key(), variable.value())));
    return Buffer.buffer(sealer.seal(pairs.toBuffer().getBytes()));
  }

  List<EnvVariable> open(Buffer sealed) {
    if (sealed.length() == 0) {
      return List.of();
    }
    return new JsonArray(Buffer.buffer(sealer.open(sealed.getBytes())))
        .stream()
            .map(JsonArray.class::cast)
            .map(pair -> new EnvVariable(pair.getString(0), pair.getString(1)))
            .toList();
  }
}
