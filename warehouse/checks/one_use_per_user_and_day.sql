{{ config(tags=['deep']) }}
-- Content that counts once a day has one use for each user and content, and each that was used has one.
select occurred_day, user_id, content_id, count(case when is_use then 1 end) as uses
from {{ ref('usages') }}
where rule = 'per_day'
group by occurred_day, user_id, content_id
having count(case when is_use then 1 end) <> 1
