package dev.runnel.worker.wasm;

import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasi.WasiOptions;
import com.dylibso.chicory.wasi.WasiPreview1;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** One module while it runs: its instance, its memory, what it sees of the world. */
final class Guest {
  private static final String WASI = "wasi_snapshot_preview1";
  private static final String START = "_start";
  private static final String INITIALIZE = "_initialize";
  private static final int MOST_NAMED = 50;

  private final Modules.Compiled compiled;
  private final CommandLine options;
  private final String name;
  private final List<String> params;
  private final Speaker speaker;

  Guest(
      Modules.Compiled compiled,
      CommandLine options,
      Path file,
      List<String> params,
      Speaker speaker) {
    this.compiled = compiled;
    this.options = options;
    this.name = String.valueOf(file.getFileName());
    this.params = params;
    this.speaker = speaker;
  }

  /**
   * Runs it to its end on this thread.
   *
   * @throws Refused when there is nothing of that kind to run
   * @throws com.dylibso.chicory.wasm.ChicoryException when it traps or calls {@code proc_exit}
   */
  void run() throws Refused, IOException {
    refuseUnknownImports();
    var world = world();
    try (var wasi = WasiPreview1.builder().withOptions(world).build()) {
      var host = new Fence(wasi, world.directories().values()).functions();
      if (!options.reactor() && isFunction(START)) {
        var _ = instance(host).export(START).apply();
      } else {
        call(host);
      }
    }
  }

  private void call(HostFunction[] host) throws Refused, IOException {
    if (params.isEmpty()) {
      throw new Refused(
          options.reactor()
              ? "--reactor needs the name of a function as the first parameter; " + functions()
              : name
                  + " has no _start: name one of its functions as the first parameter; "
                  + functions());
    }
    var function = params.getFirst();
    if (!isFunction(function)) {
      throw new Refused(name + " exports no function " + function + "; " + functions());
    }
    var instance = instance(host);
    if (isFunction(INITIALIZE) && !function.equals(INITIALIZE)) {
      var _ = instance.export(INITIALIZE).apply();
    }
    var type = instance.exportType(function);
    var arguments = Values.parsed(function, type, params.subList(1, params.size()));
    var returned = instance.export(function).apply(arguments);
    var lines = Values.printed(type, returned == null ? new long[0] : returned);
    var bytes = lines.getBytes(StandardCharsets.UTF_8);
    speaker.print(false, bytes, 0, bytes.length);
  }

  private Instance instance(HostFunction[] host) throws Refused {
    refuseTooMuchMemory();
    return Instance.builder(compiled.module())
        .withImportValues(ImportValues.builder().addFunction(host).build())
        .withMachineFactory(compiled.machine())
        .withMemoryFactory(this::memory)
        .withStart(false)
        .build();
  }

  private Memory memory(MemoryLimits asked) {
    var most = Math.min(asked.maximumPages(), options.pages());
    return new ByteArrayMemory(new MemoryLimits(asked.initialPages(), most, asked.shared()));
  }

  private WasiOptions world() {
    var arguments = new ArrayList<>(List.of(name));
    arguments.addAll(params);
    var world =
        WasiOptions.builder()
            .withStdin(InputStream.nullInputStream())
            .withStdout(speaker.stream(false))
            .withStderr(speaker.stream(true))
            .withArguments(arguments)
            .withThrowOnExit0(true);
    options.environment().forEach(world::withEnvironment);
    options.directories().forEach(world::withDirectory);
    return world.build();
  }

  private void refuseTooMuchMemory() throws Refused {
    var section = compiled.module().memorySection();
    if (section.isEmpty()) {
      return;
    }
    for (var i = 0; i < section.get().memoryCount(); i++) {
      var initial = section.get().getMemory(i).limits().initialPages();
      if (initial > options.pages()) {
        throw new Refused(
            "%s needs %d pages of memory at its start and may have %d (a page is 64 KiB)"
                .formatted(name, initial, options.pages()));
      }
    }
  }

  private void refuseUnknownImports() throws Refused {
    var unknown =
        compiled.module().importSection().stream()
            .filter(
                item -> item.importType() != ExternalType.FUNCTION || !item.module().equals(WASI))
            .map(item -> item.module() + "." + item.name())
            .limit(MOST_NAMED)
            .toList();
    if (!unknown.isEmpty()) {
      throw new Refused(
          name
              + " imports what the built-in runtime does not have: "
              + String.join(", ", unknown)
              + "; it offers "
              + WASI);
    }
  }

  private boolean isFunction(String export) {
    return exported(compiled.module()).contains(export);
  }

  private String functions() {
    var names = exported(compiled.module());
    return names.isEmpty()
        ? "it exports no functions"
        : "it exports " + String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())));
  }

  private static List<String> exported(WasmModule module) {
    var section = module.exportSection();
    return IntStream.range(0, section.exportCount())
        .mapToObj(section::getExport)
        .filter(export -> export.exportType() == ExternalType.FUNCTION)
        .map(com.dylibso.chicory.wasm.types.Export::name)
        .toList();
  }
}
