-- What edges sent besides usage: deliveries of pictures and exposures of experiments. They are counted, not paid.
select e.*
from {{ ref('first_events') }} as e
where e.type <> 'com.vitrine.usage.v1'
