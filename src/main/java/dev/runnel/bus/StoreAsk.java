package dev.runnel.bus;

/** What the persistence verticle answers. */
public sealed interface StoreAsk<R> extends Ask<R>
    permits ScriptAsk,
        PermissionAsk,
        RunAsk,
        RunWrite,
        AccountAsk,
        SettingAsk,
        KeyAsk,
        StoreHealth {

  @Override
  default Address to() {
    return Address.STORE;
  }
}
