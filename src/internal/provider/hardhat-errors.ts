/** Hardhat's numbered errors that a provider throws; its class is internal, so this looks like it. */
class HardhatLikeError extends Error {
  public readonly number: number;
  public readonly errorCode: string;
  public readonly formattedMessage: string;

  constructor(number: number, message: string) {
    super(`HHE${number}: ${message}`);
    this.number = number;
    this.errorCode = `HHE${number}`;
    this.formattedMessage = message;
    for (const property of ["number", "errorCode", "formattedMessage"]) {
      Object.defineProperty(this, property, { enumerable: false });
    }
    this.name = "HardhatError";
    // What `HardhatError.isHardhatError` looks for.
    Object.defineProperty(this, "_isHardhatError", { value: true });
  }
}

export function providerClosedError(): Error {
  return new HardhatLikeError(722, "The provider has been closed.");
}

export function paramsNotArrayError(): Error {
  return new HardhatLikeError(
    701,
    "Invalid request arguments: only array parameters are supported.",
  );
}
