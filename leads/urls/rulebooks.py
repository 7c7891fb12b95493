"""Addresses of assignment rules and scoring rules."""

from django.urls import path

from leads.views import absences, score_links, score_rules, score_trial, scoring
from leads.views.routing import parts, publishing, rules, territories

SCORING = "scoring/<int:pk>/"
RULE = "assignment/rules/<slug:key>/"

urlpatterns = [
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
    path("settings/absences/", absences.OwnAbsencesView.as_view(), name="own_absences"),
    path(
        "settings/absences/<int:pk>/remove/",
        absences.RemoveOwnAbsenceView.as_view(),
        name="own_absence_remove",
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
    path("scoring/", scoring.ScoringView.as_view(), name="scoring"),
    path("scoring/new/", scoring.BeginView.as_view(), name="score_begin"),
    path("tracked-links/", score_links.LinksView.as_view(), name="score_links"),
    path("tracked-links/new/", score_links.NewLinkView.as_view(), name="score_link_new"),
    path("tracked-links/<int:pk>/", score_links.LinkView.as_view(), name="score_link"),
    path(
        "tracked-links/<int:pk>/switch/",
        score_links.SwitchLinkView.as_view(),
        name="score_link_switch",
    ),
    path(f"{SCORING}", scoring.SheetView.as_view(), name="score_sheet"),
    path(f"{SCORING}start/", scoring.StartDraftView.as_view(), name="score_start"),
    path(f"{SCORING}versions/<int:number>/", scoring.VersionView.as_view(), name="score_version"),
    path(f"{SCORING}draft/", score_rules.DraftView.as_view(), name="score_draft"),
    path(f"{SCORING}draft/discard/", scoring.DiscardDraftView.as_view(), name="score_discard"),
    path(f"{SCORING}draft/rules/new/", score_rules.AddRuleView.as_view(), name="score_rule_new"),
    path(
        f"{SCORING}draft/rules/<slug:key>/", score_rules.EditRuleView.as_view(), name="score_rule"
    ),
    path(
        f"{SCORING}draft/rules/<slug:key>/remove/",
        score_rules.RemoveRuleView.as_view(),
        name="score_rule_remove",
    ),
    path(f"{SCORING}draft/threshold/", score_rules.ThresholdView.as_view(), name="score_threshold"),
    path(f"{SCORING}draft/test/", score_trial.TestView.as_view(), name="score_test"),
    path(f"{SCORING}draft/publish/", score_trial.PublishView.as_view(), name="score_publish"),
]
