import type { ParallelConfig, ParallelUserConfig } from "./types.js";

declare module "hardhat/types/config" {
  export interface HardhatUserConfig {
    parallel?: ParallelUserConfig;
  }

  export interface HardhatConfig {
    parallel: ParallelConfig;
  }

  export interface EdrNetworkUserConfig {
    /** false: this network stays on Hardhat's own engine (EDR). Default: true. */
    parallel?: boolean;
  }

  export interface EdrNetworkConfig {
    parallel?: boolean;
  }
}

declare module "hardhat/types/global-options" {
  export interface GlobalOptions {
    networkEngine?: string;
    parallelVerify: boolean;
  }
}
