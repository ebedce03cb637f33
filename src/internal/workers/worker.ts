/** Entry of a worker thread. */
import workerpool from "workerpool";

import { workForever } from "./worker-loop.js";

workerpool.worker({ workForever });
