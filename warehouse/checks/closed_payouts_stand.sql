-- What a statement pays is what the mart says, nothing more and nothing less.
select s.period, s.creator_id
from {{ source('landing', 'settled_payouts') }} as s
full outer join (select * from {{ ref('payouts') }} where status = 'closed') as p
    on p.period = s.period and p.creator_id = s.creator_id
where s.period is null or p.period is null or s.amount <> p.amount or s.remainder <> p.remainder or s.uses <> p.uses
