-- How hard a tier's models are asked to think before they speak. Tiers that are there already ask for nothing; whether their models can think is not known here.
alter table tiers add column thinking text not null default 'off' check (thinking in ('off', 'low', 'medium', 'high'));
