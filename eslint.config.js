// Lint rules in the spirit of Hardhat's own; formatting is Prettier's matter.
import js from "@eslint/js";
import simpleImportSort from "eslint-plugin-simple-import-sort";
import tseslint from "typescript-eslint";

const comments = {
  rules: {
    "require-description": {
      create: (context) => ({
        Program() {
          for (const comment of context.sourceCode.getAllComments()) {
            const text = comment.value.trim();
            if (/^eslint-disable/.test(text) && !/\s--\s+\S/.test(text)) {
              context.report({
                loc: comment.loc,
                message: "Say after ` -- ` why the rule is disabled.",
              });
            }
          }
        },
      }),
    },
  },
};

export default tseslint.config(
  {
    ignores: [
      // AssemblyScript is not TypeScript: its own compiler checks it.
      "assembly/**",
      "build/**",
      "dist/**",
      "coverage/**",
      "node_modules/**",
      ".node/**",
      "**/artifacts/**",
      "**/cache/**",
    ],
  },
  js.configs.recommended,
  {
    files: ["**/*.{js,mjs}"],
    languageOptions: {
      ecmaVersion: 2023,
      sourceType: "module",
      globals: Object.fromEntries(
        [
          "process",
          "console",
          "URL",
          "Buffer",
          "setTimeout",
          "clearTimeout",
          "setInterval",
          "clearInterval",
          "performance",
          "TextEncoder",
          "TextDecoder",
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
  {
    files: ["{src,test,bench}/**/*.ts"],
    extends: [tseslint.configs.base],
    languageOptions: {
      parserOptions: { project: "./tsconfig.json" },
    },
    rules: {
      // TypeScript knows better.
      "no-undef": "off",
      "no-redeclare": "off",
      "no-unused-vars": "off",
      "no-dupe-class-members": "off",

      "@typescript-eslint/adjacent-overload-signatures": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/ban-ts-comment": [
        "error",
        { "ts-expect-error": "allow-with-description" },
      ],
      "@typescript-eslint/consistent-type-assertions": [
        "error",
        { assertionStyle: "as", objectLiteralTypeAssertions: "never" },
      ],
      "@typescript-eslint/consistent-type-definitions": ["error", "interface"],
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "separate-type-imports", disallowTypeAnnotations: false },
      ],
      "@typescript-eslint/explicit-member-accessibility": [
        "error",
        { accessibility: "explicit", overrides: { constructors: "off" } },
      ],
      "@typescript-eslint/naming-convention": [
        "error",
        { selector: "typeLike", format: ["PascalCase"] },
        {
          selector: ["function", "classMethod"],
          format: ["camelCase"],
          leadingUnderscore: "forbid",
        },
      ],
      "@typescript-eslint/no-empty-object-type": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/no-namespace": "error",
      "@typescript-eslint/no-redeclare": "error",
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/no-unsafe-function-type": "error",
      "@typescript-eslint/no-unused-expressions": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/prefer-as-const": "error",
      "@typescript-eslint/restrict-plus-operands": "error",
      "@typescript-eslint/strict-boolean-expressions": [
        "error",
        { allowString: false, allowNumber: false, allowNullableObject: false },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],

      eqeqeq: "error",
      "no-console": "error",
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "MemberExpression[object.name='it'][property.name='only'], MemberExpression[object.name='describe'][property.name='only']",
          message: "A test run must run all tests.",
        },
        {
          selector:
            "PropertyDefinition[accessibility='private'], MethodDefinition[accessibility='private'], TSParameterProperty",
          message: "Use #private members.",
        },
        {
          selector: "TSEnumDeclaration",
          message: "Use a union of literals, or constants.",
        },
      ],
      "no-bitwise": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-object-has-own": "error",
    },
    plugins: {
      "@typescript-eslint": tseslint.plugin,
    },
  },
  {
    // What speaks to the core or encodes for it: bits, typed arrays and numbers that are pointers.
    files: [
      "src/internal/{evm,compiler,executor,workers,chain}/**/*.ts",
      "test/{chain,compiler,conformance,evm,executor,equivalence,properties,faults}/**/*.ts",
      "test/helpers/**/*.ts",
      "bench/**/*.ts",
    ],
    rules: {
      "no-bitwise": "off",
      "@typescript-eslint/strict-boolean-expressions": "off",
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // `expect(x).to.be.true` of chai.
      "@typescript-eslint/no-unused-expressions": "off",
    },
  },
  {
    // Their output is what they are for.
    files: [
      "bench/**/*.ts",
      "src/internal/tasks/**/*.ts",
      "test/differential/helpers/**/*.ts",
      "test/conformance/helpers/**/*.ts",
      "test/soak/helpers/**/*.ts",
    ],
    rules: { "no-console": "off" },
  },
  {
    // As a user writes them.
    files: ["test-fixture-projects/**/*.ts", "scripts/**/*.ts"],
    extends: [tseslint.configs.base],
    rules: {
      "no-undef": "off",
      "no-unused-vars": "off",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": "error",
    },
  },
  {
    files: ["**/*.{ts,js,mjs}"],
    plugins: {
      "simple-import-sort": simpleImportSort,
      comments,
    },
    rules: {
      "comments/require-description": "error",
      "simple-import-sort/imports": [
        "error",
        {
          // Types first; then node:, packages, our own files.
          groups: [
            ["^\\u0000"],
            ["^node:.*\\u0000$", "^[^.].*\\u0000$", "^\\..*\\u0000$"],
            ["^node:"],
            ["^[^.]"],
            ["^\\.\\.", "^\\./"],
          ],
        },
      ],
    },
  },
);
