package dev.runnel.http.bosbase;

import dev.runnel.account.Account;
import dev.runnel.account.AccountChange;
import dev.runnel.account.AccountDraft;
import dev.runnel.account.AccountId;
import dev.runnel.account.Collection;
import dev.runnel.account.EmailAddress;
import dev.runnel.http.Fields;
import org.jspecify.annotations.Nullable;

/**
 * The body of a change to a record. It is checked in two stages, as clients know it: what only the
 * first finds wrong hides the second.
 */
final class AccountForm {
  static final String CREATE_FAILED = "Failed to create record.";
  static final String UPDATE_FAILED = "Failed to update record.";
  private static final int MAX_NAME = 255;

  private static final Refuse.FieldError ID_FORM =
      new Refuse.FieldError(
          "validation_invalid_format", "Must be a UUIDv7 or 15 characters of a-z and 0-9.");
  private static final Refuse.FieldError ID_TAKEN =
      new Refuse.FieldError(
          "validation_pk_invalid", "The record primary key is invalid or already exists.");
  private static final Refuse.FieldError ID_NOT_YOURS =
      new Refuse.FieldError("validation_values_mismatch", "Only superusers may choose an id.");
  private static final Refuse.FieldError ID_STAYS =
      new Refuse.FieldError("validation_pk_change", "The record primary key cannot be changed.");

  private final Collection collection;
  private final boolean bySuperuser;
  private final @Nullable String id;
  private final @Nullable String email;
  private final @Nullable String name;
  private final @Nullable Boolean emailVisibility;
  private final @Nullable Boolean verified;
  private final String password;
  private final String passwordConfirm;
  private final String oldPassword;

  /**
   * Fails with {@code BadField} for a value of another type.
   *
   * @param bySuperuser whether a superuser sent it
   */
  AccountForm(Collection collection, Fields body, boolean bySuperuser) {
    this.collection = collection;
    this.bySuperuser = bySuperuser;
    this.id = body.text("id");
    this.email = body.text("email");
    // Superusers have no name.
    this.name = collection == Collection.SUPERUSERS ? null : body.text("name");
    this.emailVisibility = body.flag("emailVisibility");
    this.verified = body.flag("verified");
    this.password = body.text("password", "");
    this.passwordConfirm = body.text("passwordConfirm", "");
    this.oldPassword = body.text("oldPassword", "");
  }

  boolean isBySuperuser() {
    return bySuperuser;
  }

  String oldPassword() {
    return oldPassword;
  }

  /** An account to be, with its password. */
  record Entry(AccountDraft draft, String password) {
    @Override
    public String toString() {
      return draft.toString();
    }
  }

  /** Fails with the fields that are wrong. */
  Entry entry() {
    confirmed(true)
        .addIf(is(verified) && !bySuperuser, "verified", FieldErrors.MISMATCH)
        .refuse(CREATE_FAILED);
    var wrong = new FieldErrors();
    var chosen = id == null || id.isEmpty() ? null : id;
    if (chosen != null) {
      wrong
          .addIf(!bySuperuser, "id", ID_NOT_YOURS)
          .addIf(!AccountId.isValid(chosen), "id", ID_FORM);
    }
    var address = email == null ? "" : email;
    checkEmail(address, wrong);
    checkName(wrong.checkPassword("password", password)).refuse(CREATE_FAILED);
    return new Entry(
        new AccountDraft(
            collection,
            chosen,
            address,
            is(emailVisibility),
            is(verified) || collection == Collection.SUPERUSERS,
            name == null ? "" : name),
        password);
  }

  /** The new password, null when it stays. */
  @Nullable String newPassword() {
    return password.isEmpty() ? null : password;
  }

  /** The first stage of a change; whether the old password is right comes after it. */
  void checkChange(Account account) {
    var wrong = changesPassword() ? confirmed(false) : new FieldErrors();
    if (!bySuperuser) {
      wrong
          .addIf(changesPassword() && oldPassword.isEmpty(), "oldPassword", FieldErrors.BLANK)
          .addIf(differs(email, account.email()), "email", FieldErrors.MISMATCH)
          .addIf(differs(verified, account.verified()), "verified", FieldErrors.MISMATCH);
    }
    wrong.addIf(differs(id, account.id()), "id", ID_STAYS).refuse(UPDATE_FAILED);
  }

  /** The second stage; fails with the fields that are wrong. */
  AccountChange change() {
    var wrong = new FieldErrors();
    if (email != null) {
      checkEmail(email, wrong);
    }
    if (!password.isEmpty()) {
      wrong.checkPassword("password", password);
    }
    checkName(wrong).refuse(UPDATE_FAILED);
    return new AccountChange(
        email, emailVisibility, collection == Collection.SUPERUSERS ? null : verified, name);
  }

  /** What a value that somebody else has means. */
  static Refuse taken(String message, String field) {
    var wrong =
        field.equals("id")
            ? new FieldErrors().add("id", ID_TAKEN)
            : new FieldErrors().add(field, FieldErrors.NOT_UNIQUE);
    return Refuse.fields(message, wrong.all());
  }

  private boolean changesPassword() {
    return !password.isEmpty() || !passwordConfirm.isEmpty() || !oldPassword.isEmpty();
  }

  private FieldErrors confirmed(boolean isNew) {
    var asked = isNew || !password.isEmpty() || !oldPassword.isEmpty();
    return new FieldErrors()
        .addIf(password.isEmpty(), "password", FieldErrors.BLANK)
        .addIf(asked && passwordConfirm.isEmpty(), "passwordConfirm", FieldErrors.BLANK)
        .addIf(!passwordConfirm.equals(password), "passwordConfirm", FieldErrors.MISMATCH);
  }

  private FieldErrors checkName(FieldErrors wrong) {
    return name == null ? wrong : wrong.checkMax("name", name, MAX_NAME);
  }

  private static void checkEmail(String email, FieldErrors wrong) {
    wrong
        .addIf(email.isEmpty(), "email", FieldErrors.BLANK)
        .checkMax("email", email, EmailAddress.MAX_CHARACTERS)
        .addIf(!EmailAddress.isValid(email), "email", FieldErrors.NO_EMAIL);
  }

  private static boolean differs(@Nullable Object wanted, Object stored) {
    return wanted != null && !wanted.equals(stored);
  }

  private static boolean is(@Nullable Boolean flag) {
    return flag != null && flag;
  }
}
