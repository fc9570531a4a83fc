-- How hard a tier's models are asked to think before they speak. The tier thinking is asked to, where its provider's kind takes it.
alter table tiers add column thinking text not null default 'off' check (thinking in ('off', 'low', 'medium', 'high'));
update tiers t set thinking = 'medium' from providers p
where t.tier = 'thinking' and p.org_id = t.org_id and p.provider_id = t.provider_id and p.kind <> 'mistral';
