"""Who writes to webhook sources, byte for byte: the shapes of their public documentation with values of our own."""

from dataclasses import dataclass, field
from typing import Any

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True)
class Message:
    """One message: what is sent, and what the lead must be. `answers` are those that no field takes."""

    body: bytes
    content_type: str
    lead: dict[str, str]
    answers: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    mapping: dict[str, str] = field(default_factory=dict)


WEBFLOW = Message(
    b'{"triggerType":"form_submission","payload":{"name":"Contact Us","siteId":"65427cf400e02b306eaa049c",'
    b'"data":{"First Name":"Maya","Last Name":"Okafor","email":"maya@fabrikam.example","Phone Number":351912345678},'
    b'"schema":[{"fieldName":"First Name","fieldType":"FormTextInput",'
    b'"fieldElementId":"285042f7-d554-dc7f-102c-aa10d6a2d2c4"}],'
    b'"submittedAt":"2025-11-21T12:35:16.117Z","id":"6321ca84df3949bfc6752327",'
    b'"formId":"65429eadebe8a9f3a30f62d0","formElementId":"4e038d2c-6a1e-4953-7be9-a59a2b453177"}}',
    JSON,
    {
        "first_name": "Maya",
        "last_name": "Okafor",
        "email": "maya@fabrikam.example",
        "phone": "+351 912 345 678",
    },
)
WEBFLOW_V1 = Message(
    b'{"name":"Sample Form","site":"65427cf400e02b306eaa049c","data":{"Full name":"Maya van Okafor",'
    b'"Email Address":"maya@fabrikam.example","Spend":1200.50},"d":"2025-11-21T12:35:16.117Z",'
    b'"_id":"6321ca84df3949bfc6752328"}',
    JSON,
    {"first_name": "Maya van", "last_name": "Okafor", "email": "maya@fabrikam.example"},
    {"Spend": "1200.50"},
)
ELEMENTOR = Message(
    b"Name=Maya+Okafor&Email=maya%40fabrikam.example&Message=Please+call&No+Label+field_1=Porto"
    b"&Date=21+November+2025&Time=12%3A35&Page+URL=https%3A%2F%2Ffabrikam.example%2Fcontact"
    b"&User+Agent=Mozilla%2F5.0&Remote+IP=203.0.113.9&Powered+by=Elementor&form_id=5f2a1b3&form_name=Contact",
    FORM,
    {"first_name": "Maya", "last_name": "Okafor", "email": "maya@fabrikam.example"},
    {"No Label field_1": "Porto", "Page URL": "https://fabrikam.example/contact"},
    note="Please call",
)
ELEMENTOR_ADVANCED = Message(
    b"form%5Bid%5D=5f2a1b3&form%5Bname%5D=Contact"
    b"&fields%5Bname%5D%5Bid%5D=name&fields%5Bname%5D%5Btype%5D=text&fields%5Bname%5D%5Btitle%5D=Name"
    b"&fields%5Bname%5D%5Bvalue%5D=Maya+Okafor&fields%5Bname%5D%5Braw_value%5D=Maya+Okafor"
    b"&fields%5Bname%5D%5Brequired%5D=1"
    b"&fields%5Bfield_7%5D%5Bid%5D=field_7&fields%5Bfield_7%5D%5Btype%5D=email&fields%5Bfield_7%5D%5Btitle%5D=Write+to"
    b"&fields%5Bfield_7%5D%5Bvalue%5D=maya%40fabrikam.example"
    b"&fields%5Bfield_8%5D%5Bid%5D=field_8&fields%5Bfield_8%5D%5Btype%5D=checkbox&fields%5Bfield_8%5D%5Btitle%5D=Needs"
    b"&fields%5Bfield_8%5D%5Bvalue%5D=Backup%2C+cold%2C+Mail"
    b"&fields%5Bfield_8%5D%5Braw_value%5D%5B0%5D=Backup%2C+cold&fields%5Bfield_8%5D%5Braw_value%5D%5B1%5D=Mail"
    b"&meta%5Bpage_url%5D%5Btitle%5D=Page+URL&meta%5Bpage_url%5D%5Bvalue%5D=https%3A%2F%2Ffabrikam.example"
    b"&meta%5Bremote_ip%5D%5Btitle%5D=Remote+IP&meta%5Bremote_ip%5D%5Bvalue%5D=203.0.113.9"
    b"&meta%5Buser_agent%5D%5Btitle%5D=User+Agent&meta%5Buser_agent%5D%5Bvalue%5D=Mozilla%2F5.0",
    FORM,
    {"first_name": "Maya", "last_name": "Okafor", "email": "maya@fabrikam.example"},
    {"Needs": ["Backup, cold", "Mail"], "Page URL": "https://fabrikam.example"},
)
CONTACT_FORM_7 = Message(
    b'{"_url":"https:\\/\\/fabrikam.example\\/contact","_remote_ip":"203.0.113.9","your-name":"Maya Okafor",'
    b'"your-email":"maya@fabrikam.example","your-subject":"Hi","your-message":"Please call\\nafter ten",'
    b'"needs":["Backup","Mail"],"file":["https:\\/\\/fabrikam.example\\/a.pdf"],"your-phone":""}',
    "application/json; charset=UTF-8",
    {"first_name": "Maya", "last_name": "Okafor", "email": "maya@fabrikam.example", "phone": ""},
    {
        "_url": "https://fabrikam.example/contact",
        "your-subject": "Hi",
        "needs": ["Backup", "Mail"],
        "file": ["https://fabrikam.example/a.pdf"],
    },
    note="Please call\nafter ten",
)
GRAVITY = Message(
    b'{"id":"42","form_id":"3","created_by":null,"date_created":"2026-01-05 10:00:00",'
    b'"date_updated":"2026-01-05 10:00:00","is_starred":"0","is_read":"0","ip":"203.0.113.9",'
    b'"source_url":"https:\\/\\/fabrikam.example\\/contact","post_id":null,"user_agent":"Mozilla\\/5.0",'
    b'"status":"active","currency":"EUR","payment_status":null,"payment_amount":null,'
    b'"1.3":"Maya","1.6":"Okafor","2":"maya@fabrikam.example","3":"Please call","4.1":"Backup"}',
    JSON,
    {"first_name": "Maya", "last_name": "Okafor", "email": "maya@fabrikam.example"},
    {"source_url": "https://fabrikam.example/contact", "4.1": "Backup"},
    note="Please call",
    mapping={"1.3": "first_name", "1.6": "last_name", "2": "email", "3": "note"},
)
WPFORMS = Message(
    '{"full_name":"Jürgen Groß","e-mail":"jg@fabrikam.example","site":"https://fabrikam.example/",'
    '"needs":"Backup||Mail"}'.encode(),
    "application/json; charset=utf-8",
    {"first_name": "Jürgen", "last_name": "Groß", "email": "jg@fabrikam.example"},
    {"site": "https://fabrikam.example/", "needs": ["Backup", "Mail"]},
    headers={"X-WPForms-Webhook-Id": "7", "User-Agent": "wpforms-webhooks/1.4.0"},
)
WPFORMS_FORM = Message(
    b"full_name=J%C3%BCrgen+Gro%C3%9F&e-mail=jg%40fabrikam.example&site=https%3A%2F%2Ffabrikam.example%2F"
    b"&needs%5B0%5D=Backup&needs%5B1%5D=Mail&when%5Bvalue%5D=2025-11-21+12%3A35&when%5Bunix%5D=1763728500"
    b"&face=%F0%9F%98%80",
    f"{FORM}; charset=utf-8",
    {"first_name": "Jürgen", "last_name": "Groß", "email": "jg@fabrikam.example"},
    {
        "site": "https://fabrikam.example/",
        "needs": ["Backup", "Mail"],
        "when": "2025-11-21 12:35",
        "face": "😀",
    },
    headers={"X-WPForms-Webhook-Id": "7", "User-Agent": "wpforms-webhooks/1.4.0"},
)
SALESFORCE = Message(
    b"oid=00D000000000001&retURL=https%3A%2F%2Ffabrikam.example&first_name=Maya&last_name=Okafor&company=Fabrikam"
    b"&email=maya%40fabrikam.example&00N5g00000AbCdE=Fleet&country=PT",
    FORM,
    {
        "first_name": "Maya",
        "last_name": "Okafor",
        "company": "Fabrikam",
        "email": "maya@fabrikam.example",
        "country": "PT",
    },
    {"00N5g00000AbCdE": "Fleet"},
)
MULTIPART = Message(
    b'--XyZ\r\nContent-Disposition: form-data; name="name"\r\n\r\nMaya Okafor\r\n'
    b'--XyZ\r\nContent-Disposition: form-data; name="phone"\r\n\r\n+351 912 345 678\r\n'
    b'--XyZ\r\nContent-Disposition: form-data; name="needs[]"\r\n\r\nBackup\r\n'
    b'--XyZ\r\nContent-Disposition: form-data; name="needs[]"\r\n\r\nMail\r\n'
    b'--XyZ\r\nContent-Disposition: form-data; name="plan"; filename="plan.pdf"\r\n'
    b"Content-Type: application/pdf\r\n\r\n%PDF-1.7 \x00\xff\r\n--XyZ--\r\n",
    "multipart/form-data; boundary=XyZ",
    {"first_name": "Maya", "last_name": "Okafor", "phone": "+351 912 345 678", "email": ""},
    {"needs": ["Backup", "Mail"], "plan": "plan.pdf"},
)

EVERY: dict[str, Message] = {
    "webflow": WEBFLOW,
    "webflow v1": WEBFLOW_V1,
    "elementor": ELEMENTOR,
    "elementor with advanced data": ELEMENTOR_ADVANCED,
    "contact form 7": CONTACT_FORM_7,
    "gravity forms": GRAVITY,
    "wpforms": WPFORMS,
    "wpforms as a form": WPFORMS_FORM,
    "salesforce web-to-lead": SALESFORCE,
    "multipart": MULTIPART,
}

# --- Signatures ----------------------------------------------------------------------------------------
# Made outside the portal, at 1763728516 s (21 Nov 2025, 12:35:16 UTC), by
#   printf '%s' '<what is signed>' | openssl dgst -sha256 -hmac '<secret>'

SIGNED_AT = 1763728516
WEBFLOW_SECRET = "webflow-secret"
WPFORMS_SECRET = "wpforms-secret"
# Over "1763728516117:" and the body of WEBFLOW.
WEBFLOW_HEADERS = {
    "x-webflow-timestamp": "1763728516117",
    "x-webflow-signature": "ffac7773adf82b53accc3a3bfba817c212a27432a6686d2123ebd24eb47cac15",
}
# Over "1763728516." and the body of WPFORMS.
WPFORMS_HEADERS = {
    **WPFORMS.headers,
    "X-WPForms-Webhook-Signature": "t=1763728516,v=ad9ff21a4d52df49f5452536be54d0d9a68a6558ffb6745a95e0f9d77f0e2351",
}
# Over "1763728516." and what PHP's json_encode makes of the parameters of WPFORMS_FORM:
#   {"full_name":"J\u00fcrgen Gro\u00df","e-mail":"jg@fabrikam.example","site":"https:\/\/fabrikam.example\/",
#    "needs":["Backup","Mail"],"when":{"value":"2025-11-21 12:35","unix":1763728500},"face":"\ud83d\ude00"}
# without the line break.
WPFORMS_FORM_HEADERS = {
    **WPFORMS.headers,
    "X-WPForms-Webhook-Signature": "t=1763728516,v=de483f7df05c237e7bea5fb728d1709584b99a872b20d73c06e7a00bcbedb7de",
}
