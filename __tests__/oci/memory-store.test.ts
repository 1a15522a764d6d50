import { MemoryStore } from '../../src/oci/memory-store.js';
import { describeStore } from './store.contract.js';

describeStore('memory', async () => ({ store: new MemoryStore(), close: async () => {} }));
