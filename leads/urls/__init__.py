"""Addresses of leads, of what is sold to them, and of the rules that score and assign them."""

from leads.urls import leads, rulebooks, selling

app_name = "leads"

urlpatterns = [*leads.urlpatterns, *selling.urlpatterns, *rulebooks.urlpatterns]
