SELECT warehouse_id FROM lineage;
