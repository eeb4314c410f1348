// A client program: its steps are reported as lines of JSON, which the test that started it turns
// into results.
import assert from "node:assert/strict";

export const url = process.env.RUNNEL;
export const identity = process.env.IDENTITY;
export const password = process.env.PASSWORD;
export const executePath = process.env.EXECUTE_PATH;

const LONGEST_STEP = 40_000;
let steps = 0;

/** One thing that is promised. A failure is reported; the steps after it run all the same. */
export async function step(name, body) {
  steps += 1;
  let late;
  const tooLong = new Promise((_, reject) => {
    late = setTimeout(() => reject(new Error(`took longer than ${LONGEST_STEP} ms`)), LONGEST_STEP);
  });
  try {
    await Promise.race([body(), tooLong]);
    report({ step: name, ok: true });
  } catch (failure) {
    report({ step: name, ok: false, detail: described(failure) });
  } finally {
    clearTimeout(late);
  }
}

/** A step that cannot be taken here. */
export function skip(name, reason) {
  steps += 1;
  report({ step: name, skipped: reason });
}

/** Says that all steps were taken. */
export function end() {
  process.stdout.write(`${JSON.stringify({ end: steps })}\n`, () => process.exit(0));
}

/** The error that a call ends with. */
export async function failure(promise) {
  try {
    const result = await promise;
    assert.fail(`expected an error, got ${JSON.stringify(result)}`);
  } catch (error) {
    if (error instanceof assert.AssertionError) {
      throw error;
    }
    return error;
  }
}

/** A call that the service refuses: a ClientResponseError with this status, message and data. */
export async function refused(promise, status, message, data = {}) {
  const error = await failure(promise);
  assert.equal(error.status, status, described(error));
  assert.equal(error.name, `ClientResponseError ${status}`);
  assert.equal(error.message, message);
  assert.equal(error.isAbort, false);
  assert.deepEqual(error.response, { data, message, status });
  return error;
}

/** The first event of this name; an error when another one or nothing comes. */
export function event(target, name, millis = 20_000) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no event ${name} in ${millis} ms`)), millis);
    const done = (settle) => (happened) => {
      clearTimeout(late);
      settle(happened);
    };
    target.addEventListener(name, done(resolve), { once: true });
    if (name !== "error") {
      target.addEventListener(
        "error",
        done(({ message }) => reject(new Error(message))),
        { once: true },
      );
    }
  });
}

/** Asks until the answer is as wanted. */
export async function eventually(ask, wanted, millis = 20_000) {
  for (const started = Date.now(); ; ) {
    const answer = await ask();
    if (wanted(answer)) {
      return answer;
    }
    assert.ok(Date.now() - started < millis, `still ${JSON.stringify(answer)}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

function report(result) {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

function described(error) {
  const response = error?.response ? `\nresponse: ${JSON.stringify(error.response)}` : "";
  return (error?.stack ?? String(error)) + response;
}
