"""Background work: our own, because it must survive on both stores (ADR 0003).

from stammkunde.core.jobs import services as jobs

@jobs.work("imports.publish", title=_("Publish an import"))
def publish(run: jobs.Running) -> None: ...

jobs.enqueue("imports.publish", args={"import": 17}, shop_id=3, key="17", actor=actor)
jobs.every("flows.nightly", at="03:15", per_shop=True)
"""
