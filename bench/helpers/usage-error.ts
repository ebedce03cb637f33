/** A mistake on the command line: its message is all the user needs. */
export class UsageError extends Error {
  public override name = "UsageError";
}
