import type { Config } from "jest";

/** Every suite runs TypeScript as native ES modules, transformed by swc: no type check, that is `npm run check`. */
const common = {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": ["@swc/jest", { jsc: { target: "es2023", parser: { syntax: "typescript" } } }] },
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out/", "<rootDir>/\\.twin", "<rootDir>/dist/"],
} satisfies Config;

const config: Config = {
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: ["<rootDir>/__tests__/**/*.test.ts", "<rootDir>/webapp/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/__tests__/suites/"],
    },
    {
      ...common,
      displayName: "twin",
      testMatch: ["<rootDir>/__tests__/suites/twin/**/*.test.ts"],
    },
  ],
};

export default config;
