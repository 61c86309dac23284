{{ config(severity='warn') }}
-- Uses without a line in the rate card: counted, paid 0, and said.
select * from {{ ref('unrated_uses') }}
where day in (select day from {{ source('landing', 'touched_days') }})
