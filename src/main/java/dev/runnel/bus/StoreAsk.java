package dev.runnel.bus;

/** What the persistence verticle answers. */
public sealed interface StoreAsk<R> extends Ask<R>
    permits ScriptAsk, RunAsk, RunWrite, AccountAsk, SettingAsk, StoreHealth {

  @Override
  default Address to() {
    return Address.STORE;
  }
}
