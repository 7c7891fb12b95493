import time
from tests.browser.checks import *
from tests.browser.stage import set_stage
def test_zz(visit, cast):
    stage = set_stage(cast); v = visit(cast.olga, reduced_motion="reduce")
    for name,args in [("leads:list",()),("leads:detail",(stage["referred"],)),("templates:detail",(stage["reseller_template"],))]:
        v.visit(name,*args); v.page.wait_for_timeout(1000)
        v.page.set_viewport_size(NARROW); print(name, "\n   ".join(sideways_scroll(v.page)))
        v.page.screenshot(path=f"/tmp/browserdev/{name.replace(':','-')}.png", full_page=True)
