import fc from 'fast-check';
import { seedOf } from '../stage/seed.ts';

/** Loaded before all tests: what fast-check makes up follows from the change log too, or from FUZZ_SEED. */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: seedOf('FUZZ_SEED') });
