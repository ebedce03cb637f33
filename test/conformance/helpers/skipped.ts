export interface SkippableCase {
  /** Whole path of its file. */
  readonly file: string;
  readonly title: string;
  readonly fork: string | undefined;
  readonly fixture: Readonly<Record<string, unknown>>;
}

export interface SkippedCases {
  readonly reason: string;
  matches(testCase: SkippableCase): boolean;
}

/** Cases that are not run, each with its reason. Nothing that a user of Hardhat could meet. */
export const SKIPPED: readonly SkippedCases[] = [
  {
    reason: "asks for a key's neighbours; nothing in Ethereum does",
    matches: ({ fixture }) => "in" in fixture && "tests" in fixture,
  },
  {
    reason:
      "written for a draft of Prague, with other addresses, prices and headers, and EOF; the final rules' tests are EEST's",
    matches: ({ file, fork }) =>
      file.replaceAll("\\", "/").includes("/EIPTests/") && fork === "Prague",
  },
];
