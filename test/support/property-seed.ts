import fc from 'fast-check';
import { chosenSeed } from './chosen-seed.js';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: chosenSeed() });
