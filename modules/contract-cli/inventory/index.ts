export { type DeployedState, type Inventory, type InventoryOptions } from './deployed-state';
export { readInventory } from './inventory';
