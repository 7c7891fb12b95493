"""What people of the demo write: notes, messages, reasons. Placeholders are filled from the lead."""

from random import Random

# Said on a lead in this situation; "call", "email" and "meeting" before the bar is the kind of the note.
NOTES = {
    "checked": (
        "note|Real company, the web site matches. Worth a call this week.",
        "note|They have run our trial since last month, so this is warm.",
        "note|Matches our target group: {industry}, {size} people.",
        "email|Sent the {product} overview and asked for a good time to talk.",
    ),
    "contacted": (
        "call|Spoke with {first}. Interested in {product}, wants a quote for {seats} seats.",
        "call|Called {first}: replacing a tool whose contract ends in two months. {seats} users.",
        "call|Left a message, trying again tomorrow morning.",
        "call|No answer twice. Sent an email with two dates for a call.",
        "call|{first} is comparing three suppliers and decides by the end of the month.",
        "email|{first} asked for references in {industry}. Sent two.",
        "email|Introduced ourselves and confirmed the appointment for {weekday}.",
        "call|Good call. The budget is there, the board has to agree. Next talk on {weekday}.",
        "call|{first} has seen {product} at a customer and wants the same for {company}.",
    ),
    "working": (
        "meeting|Demo of {product} with {first} and two colleagues. Liked the reports, asked about single sign-on.",
        "meeting|On site in {city}. {seats} seats now, twice as many next year.",
        "email|Quote sent: {seats} seats, three years, training included.",
        "call|{first} wants the data kept in the EU. Confirmed, sent the sheet.",
        "call|Price is fine, they ask for monthly payment.",
        "email|Sent the security questionnaire back. Their IT needs a week.",
        "meeting|Trial is set up for eight people until {weekday} next week.",
        "call|The trial runs well. One question about importing old files, answered.",
        "note|Decision maker is the finance director, {first} prepares the paper for the board.",
    ),
    "won": (
        "call|{first} said yes. Contract goes out today.",
        "email|Signed contract received: {seats} seats for three years.",
        "note|First invoice sent, onboarding starts on {weekday}.",
    ),
    "vendor": (
        "note|Checked: existing trial user, several sign-ins last week.",
        "note|Good fit for {product}. Ask them about the archive module.",
        "note|They came by our newsletter, no contact so far.",
    ),
    "shared": (
        "note|Asked the vendor for a reference customer in {industry}.",
        "note|Customer wants one contract for {product} and support.",
        "note|Please wait with further calls: {first} is away until {weekday}.",
    ),
}
MESSAGES = (
    "Close to your office in {city}. Please call before {weekday}.",
    "{seats} seats, they want to start soon.",
    "You know this industry best.",
    "They asked for a partner nearby.",
    "Second request from this company within a month, please call today.",
)
DECLINES = (
    "No capacity before next month",
    "Outside our region",
    "We do not sell this product yet",
    "Conflict of interest with an existing customer",
    "Too small for our team",
)
EXPLANATIONS = {
    "Spam or test": ("Advertising text in every field", "Test entry of the web team", ""),
    "No budget": ("Budget was cut for this year", "Asked for a free product", ""),
    "Chose another supplier": ("Signed with their present supplier", "Took a cheaper offer", ""),
    "Cannot be reached": ("Four calls, two emails, no answer", "Telephone number does not exist"),
    "Not a fit": ("Looks for consumer software", "Needs an on-premise version", ""),
    "Other": ("Merged into a parent company that is a customer already", "Student project"),
}
NEXT_STEPS = (
    "Call {first} about the quote",
    "Send references",
    "Demo of {product}",
    "Ask for the decision",
    "Prepare the quote",
    "Follow up after the trial",
)
WISHES = (
    "We keep paper copies in three offices and lose time looking for them.",
    "Our present supplier ends the product in spring, so we need a replacement.",
    "We grow by about twenty people a year and want one system for everybody.",
    "The auditor asked us to prove who changed what. Today we cannot.",
    "Please tell us what a migration from spreadsheets would take.",
    "We want to try it with one department first, then roll it out.",
    "Our insurer wants two-factor sign-in and regular checks before renewal.",
    "Looking for reports that our branch managers can read without training.",
)
COMMENTS = ("Looks good, go ahead.", "Fine with us.", "")
DENIALS = (
    "Please agree the discount with us first.",
    "The contact is not entitled to sign. Ask for the director.",
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def fill(text: str, words: dict[str, str], luck: Random) -> str:
    """Return `text` with its placeholders replaced; what the lead does not know is said in general."""
    known = {
        "first": words.get("first_name") or "the contact",
        "company": words.get("company") or "the company",
        "product": words.get("product") or "the product",
        "industry": (words.get("industry") or "their industry").lower(),
        "size": words.get("size") or "a few",
        "city": words.get("city") or "town",
        "seats": str(luck.choice((5, 8, 12, 15, 20, 25, 40, 60, 80, 120))),
        "weekday": luck.choice(_WEEKDAYS),
    }
    return text.format(**known)
