// The rows, in the order of the table.
import { install } from './install.mjs';
import { kills } from './kills.mjs';
import { rollingRestart } from './rolling-restart.mjs';
import { soak } from './soak.mjs';
import { stories } from './stories.mjs';

export const rows = [install, stories, soak, rollingRestart, kills];
