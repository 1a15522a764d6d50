import { describeParsers } from './parsers.js';
import { DISTRIBUTION_TARGETS } from './targets.js';

describeParsers(DISTRIBUTION_TARGETS);
