export { readInventory, type DeployedState, type Inventory, type InventoryOptions } from './inventory';
