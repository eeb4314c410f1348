package dev.runnel.bus;

import io.vertx.core.Future;
import java.util.List;

record BusHealth(Bus bus) implements Health {

  @Override
  public Future<Boolean> store() {
    return bus.ask(new StoreHealth());
  }

  @Override
  public Future<ExecutionAsk.Load.Now> execution() {
    return bus.ask(new ExecutionAsk.Load());
  }

  @Override
  public Future<List<HostLimit>> limits() {
    return bus.ask(new ExecutionAsk.Limits());
  }
}
