// The rows, in the order of the table.
import { autoscaling } from './autoscaling.mjs';
import { badInput } from './bad-input.mjs';
import { install } from './install.mjs';
import { kills } from './kills.mjs';
import { policies } from './policies.mjs';
import { rollingRestart } from './rolling-restart.mjs';
import { soak } from './soak.mjs';
import { stories } from './stories.mjs';
import { upgrade } from './upgrade.mjs';

export const rows = [install, stories, soak, rollingRestart, kills, autoscaling, policies, upgrade, badInput];
