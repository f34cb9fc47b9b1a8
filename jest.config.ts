import type { Config } from "jest";

/** Every suite runs TypeScript as native ES modules, transformed by swc: no type check, that is `npm run check`. */
const common = {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "\\.ts$": ["@swc/jest", { jsc: { target: "es2023", parser: { syntax: "typescript" } } }],
    // An ES module that fastify requires from CommonJS: Node can do that, Jest on Node 22 cannot.
    "/node_modules/cookie/.+\\.js$": ["@swc/jest", { module: { type: "commonjs" } }],
  },
  transformIgnorePatterns: ["/node_modules/(?!cookie/)"],
  modulePathIgnorePatterns: [
    "<rootDir>/cdktf.out/",
    "<rootDir>/\\.webstead/",
    "<rootDir>/\\.twin",
    "<rootDir>/dist/",
  ],
} satisfies Config;

/** The suites that take longer than unit tests may, each a folder of __tests__/suites/. */
const SLOW = [
  "browser",
  "database",
  "environments",
  "hostile",
  "image",
  "policy",
  "release",
  "rollout",
  "selinux",
  "soak",
  "trouble",
  "twin",
];

const config: Config = {
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: ["<rootDir>/__tests__/**/*.test.ts", "<rootDir>/webapp/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/__tests__/suites/"],
    },
    ...SLOW.map((suite) => ({
      ...common,
      displayName: suite,
      testMatch: [`<rootDir>/__tests__/suites/${suite}/**/*.test.ts`],
    })),
  ],
};

export default config;
