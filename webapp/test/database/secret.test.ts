import { expect, test } from "@jest/globals";
import { CachedSecret, parseCredentials } from "../../src/database/secret.ts";

function secretThatChanges() {
  const state = { fetches: 0, now: 0 };
  const secret = new CachedSecret(
    async () => ({ username: "app", password: `password ${++state.fetches}` }),
    () => state.now,
  );
  return { state, secret };
}

test("the secret is fetched once and kept", async () => {
  const { state, secret } = secretThatChanges();
  const [first, second] = await Promise.all([secret.get(), secret.get()]);
  expect(second).toBe(first);
  expect(state.fetches).toBe(1);
});

test("a refused secret is fetched anew, once for all who were refused", async () => {
  const { state, secret } = secretThatChanges();
  const refused = await secret.get();
  state.now = 60_000;
  const renewed = await Promise.all([secret.renew(refused), secret.renew(refused), secret.renew(refused)]);
  expect(renewed.map(({ password }) => password)).toEqual(["password 2", "password 2", "password 2"]);
  state.now = 120_000;
  expect(await secret.renew(refused)).toBe(renewed[0]);
  expect(state.fetches).toBe(2);
});

test("a database that goes on refusing causes one fetch a second at most", async () => {
  const { state, secret } = secretThatChanges();
  const first = await secret.get();
  state.now = 999;
  expect(await secret.renew(first)).toBe(first);
  state.now = 1000;
  expect(await secret.renew(first)).not.toBe(first);
  expect(state.fetches).toBe(2);
});

test("a failed fetch is not kept", async () => {
  let fails = true;
  const secret = new CachedSecret(async () => {
    if (fails) throw new Error("no network");
    return { username: "app", password: "p" };
  });
  await expect(secret.get()).rejects.toThrow("no network");
  fails = false;
  await expect(secret.get()).resolves.toEqual({ username: "app", password: "p" });
});

test.each([
  ["", "the secret is not JSON"],
  ["canary-7f3a", "the secret is not JSON"],
  ["null", "the secret lacks a field"],
  ['{"password":"canary-7f3a"}', "the secret lacks a field"],
  ['{"username":"canary-7f3a"}', "the secret lacks a field"],
])("an unusable secret is refused without being quoted (%s)", (text, message) => {
  expect(() => parseCredentials(text)).toThrow(message);
  expect(() => parseCredentials(text)).not.toThrow("canary");
});
