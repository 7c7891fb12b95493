"""Addresses of assignment; leads/urls.py takes them in."""

from django.urls import path

from leads.views.routing import parts, publishing, rules, territories

RULE = "assignment/rules/<slug:key>/"

ADDRESSES = [
    path("assignment/", rules.RulesView.as_view(), name="assignment"),
    path("assignment/rules/new/", rules.NewRuleView.as_view(), name="assignment_rule_new"),
    path(RULE, rules.RuleView.as_view(), name="assignment_rule"),
    path(f"{RULE}move/", rules.MoveRuleView.as_view(), name="assignment_rule_move"),
    path(f"{RULE}remove/", rules.RemoveRuleView.as_view(), name="assignment_rule_remove"),
    path(f"{RULE}target/", parts.TargetView.as_view(), name="assignment_target"),
    path(
        f"{RULE}conditions/<slug:condition>/",
        parts.ConditionView.as_view(),
        name="assignment_condition",
    ),
    path(
        f"{RULE}conditions/<slug:condition>/remove/",
        parts.RemoveConditionView.as_view(),
        name="assignment_condition_remove",
    ),
    path(f"{RULE}turns/<str:member>/", parts.MemberView.as_view(), name="assignment_member"),
    path(
        f"{RULE}turns/<str:member>/remove/",
        parts.RemoveMemberView.as_view(),
        name="assignment_member_remove",
    ),
    path(
        "assignment/territories/",
        territories.TerritoriesView.as_view(),
        name="assignment_territories",
    ),
    path(
        "assignment/territories/<slug:key>/",
        territories.TerritoryView.as_view(),
        name="assignment_territory",
    ),
    path(
        "assignment/territories/<slug:key>/remove/",
        territories.RemoveTerritoryView.as_view(),
        name="assignment_territory_remove",
    ),
    path("assignment/absences/", territories.AbsencesView.as_view(), name="assignment_absences"),
    path(
        "assignment/absences/<int:pk>/remove/",
        territories.RemoveAbsenceView.as_view(),
        name="assignment_absence_remove",
    ),
    path("assignment/test/", publishing.TrialView.as_view(), name="assignment_test"),
    path("assignment/publish/", publishing.PublishView.as_view(), name="assignment_publish"),
    path("assignment/discard/", publishing.DiscardView.as_view(), name="assignment_discard"),
    path("assignment/versions/", publishing.VersionsView.as_view(), name="assignment_versions"),
    path(
        "assignment/versions/<int:number>/",
        publishing.VersionView.as_view(),
        name="assignment_version",
    ),
]
