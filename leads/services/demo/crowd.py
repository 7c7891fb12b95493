"""Invented prospects: people, companies and addresses that nobody has.

Towns are real; web and mail addresses end in .example, and telephone numbers are those that the
countries keep free for films.
"""

from dataclasses import dataclass
from itertools import product
from random import Random

from django.utils.text import slugify

FIRST_NAMES = (
    "Ada Aisha Alma Amina Anders Andrea Anton Beatriz Bruno Callum Carla Cedric Chiara Clara Daniel"
    " Daria David Eamon Edith Elena Elif Emeka Emil Erik Esther Fatima Felix Fiona Florian Freya"
    " Gabriel Grace Hanna Harriet Hassan Helen Hugo Ingrid Irene Isaac Ivana Jamal Jana Jasper"
    " Jelena Joanna Jonas Josef Julia Kamal Karin Kasper Katia Keira Lars Laura Leila Lena Liam"
    " Linnea Lorenzo Lucy Magnus Malin Marco Maria Marta Mateo Meera Mikael Miriam Nadia Niamh"
    " Nils Nora Olga Oscar Paula Pavel Petra Priya Rafael Rania Robert Rosa Ruth Samir Sara Sean"
    " Sigrid Simon Sofia Stefan Tariq Teresa Theo Thomas Tilda Umar Vera Victor Yara Yusuf Zoe"
).split()
LAST_NAMES = (
    "Abbott Adeyemi Ahlberg Albrecht Almeida Andersson Arslan Ashworth Bauer Beck Bergman Bianchi"
    " Blackwood Brandt Byrne Callaghan Carvalho Castillo Chaudhry Christensen Connolly Costa"
    " Cunningham Dahl Delgado Dvorak Ekstrom Falk Farouk Ferrari Fischer Fitzgerald Fontaine Forsyth"
    " Gallagher Garnier Graham Haddad Hallberg Hansen Hartmann Henriksen Hofmann Holloway Horvat"
    " Ibrahim Jansen Johansson Kaplan Keane Keller Khan Kowalski Kruger Lambert Larsen Lindholm"
    " Lombardi Lowe MacKenzie Malik Marchand Martinez Mbeki Meyer Moreau Moretti Mulligan Nakamura"
    " Nguyen Nielsen Nilsson Novak O’Brien Okafor Oliveira Osei Patel Pereira Petrov Quinn Rahman"
    " Rasmussen Reid Richter Romano Rosenthal Salvador Sandberg Schneider Sharma Silva Sinclair"
    " Sjoberg Stewart Sundaram Svensson Tanaka Thorpe Vargas Vogel Wagner Walsh Weber Whitfield"
    " Winkler Wright Yilmaz Zimmermann"
).split()
STEMS = (
    "Alderwick Amberfield Ashcombe Beckhurst Birchmoor Blackmere Bramwell Brightholm Calderbrook"
    " Cedarholt Claremount Coldwater Corvane Dunmoor Eastmarsh Elderfield Fairholme Fenbrook"
    " Foxhollow Glenmarch Goldcrest Greyfriar Hallowell Hartsfield Hawkmoor Hazelmere Highmoor"
    " Holloway Ironbridge Juniper Kestrel Kingsmead Larkfield Linden Lowmoor Maplehurst Marlbrook"
    " Meadowsweet Millbrae Moorgate Nettlefield Northwick Oakhaven Orchard Pemberwick Quarrybank"
    " Ravensholt Redfern Ridgeway Riverbend Rosemount Rowanberry Sandhaven Silverbirch Southmere"
    " Stillwater Stonebeck Summerhill Swanmere Tanglewood Thornbury Underhill Valebrook Waterford"
    " Westerby Whitestone Wildmoor Windermoor Woodlark Yarrow"
).split()
# What a company does, as the ending of its name, and the industry that it chooses on a form.
TRADES = (
    ("Logistics", "Transport and logistics"),
    ("Freight", "Transport and logistics"),
    ("Dental Group", "Health care"),
    ("Clinics", "Health care"),
    ("Care Homes", "Health care"),
    ("Pharmacies", "Health care"),
    ("Solicitors", "Legal"),
    ("Legal Partners", "Legal"),
    ("Accountants", "Financial services"),
    ("Credit Union", "Financial services"),
    ("Insurance Brokers", "Financial services"),
    ("Foods", "Food and drink"),
    ("Bakeries", "Food and drink"),
    ("Brewing", "Food and drink"),
    ("Hotels", "Hospitality"),
    ("Furniture", "Manufacturing"),
    ("Plastics", "Manufacturing"),
    ("Precision Tools", "Manufacturing"),
    ("Textiles", "Manufacturing"),
    ("Energy", "Energy"),
    ("Solar", "Energy"),
    ("Builders", "Construction"),
    ("Architects", "Construction"),
    ("Property", "Real estate"),
    ("Lettings", "Real estate"),
    ("Academy Trust", "Education"),
    ("College", "Education"),
    ("Media", "Media"),
    ("Books", "Retail"),
    ("Garden Centres", "Retail"),
    ("Sports", "Retail"),
)
JOBS = (
    "IT manager|Head of IT|Operations director|Office manager|Finance director|Managing director|"
    "Procurement lead|Systems administrator|Head of operations|Chief technology officer|"
    "Data protection officer|Practice manager|Digital transformation lead|Business analyst|Owner"
).split("|")
SIZES = ("1-9", "10-49", "50-249", "250-999", "1000+")
STREETS = (
    "Station Road|Mill Lane|High Street|Market Square|Canal Street|Orchard Way|Church Hill|"
    "Victoria Road|Park Avenue|Harbour Street|Bridge Street|Kings Parade"
).split("|")
# Town, region, postcode (9 stands for a digit), country, telephone (9 stands for a digit).
TOWNS = (
    ("Leeds", "West Yorkshire", "LS9 9AB", "GB", "+44 113 496 0999"),
    ("Sheffield", "South Yorkshire", "S9 9DT", "GB", "+44 114 496 0999"),
    ("Nottingham", "Nottinghamshire", "NG9 9FQ", "GB", "+44 115 496 0999"),
    ("Bristol", "Bristol", "BS9 9HR", "GB", "+44 117 496 0999"),
    ("Birmingham", "West Midlands", "B9 9JX", "GB", "+44 121 496 0999"),
    ("Edinburgh", "Lothian", "EH9 9LP", "GB", "+44 131 496 0999"),
    ("Glasgow", "Strathclyde", "G9 9NS", "GB", "+44 141 496 0999"),
    ("Manchester", "Greater Manchester", "M9 9QT", "GB", "+44 161 496 0999"),
    ("London", "Greater London", "E9 9RW", "GB", "+44 20 7946 0999"),
    ("Reading", "Berkshire", "RG9 9XY", "GB", "+44 118 496 0999"),
    ("Berlin", "Berlin", "10999", "DE", "+49 30 23125999"),
    ("Hamburg", "Hamburg", "20999", "DE", "+49 40 66969999"),
    ("Cologne", "North Rhine-Westphalia", "50999", "DE", "+49 221 4710999"),
    ("Munich", "Bavaria", "80999", "DE", "+49 89 99998999"),
    ("Lyon", "Auvergne-Rhône-Alpes", "69099", "FR", "+33 4 65 71 99 99"),
    ("Paris", "Île-de-France", "75099", "FR", "+33 1 99 00 99 99"),
    ("Marseille", "Provence", "13099", "FR", "+33 4 65 71 99 99"),
    ("Stockholm", "Stockholm", "111 99", "SE", "+46 8 465 004 99"),
    ("Gothenburg", "Västra Götaland", "411 99", "SE", "+46 31 390 06 99"),
    ("Dublin", "Leinster", "D99 X999", "IE", "+353 20 911 9999"),
)
COUNTRY_ODDS = tuple(5 if town[3] == "GB" else 2 for town in TOWNS)


@dataclass
class Crowd:
    """Prospects, each company once; whoever comes back is picked by a story."""

    luck: Random

    def __post_init__(self) -> None:
        self._companies = list(product(STEMS, TRADES))
        self.luck.shuffle(self._companies)

    def prospect(self, luck: Random) -> dict[str, str]:
        """Return the contact of somebody new, with the gaps that people leave on forms."""
        stem, (trade, industry) = self._companies.pop()
        first, last = luck.choice(FIRST_NAMES), luck.choice(LAST_NAMES)
        domain = f"{slugify(stem)}-{slugify(trade)}.example"
        town, region, postcode, country, phone = luck.choices(TOWNS, COUNTRY_ODDS)[0]
        contact = {
            "first_name": first,
            "last_name": last,
            "email": f"{slugify(first)}.{slugify(last)}@{domain}",
            "company": f"{stem} {trade}",
            "phone": _digits(phone, luck),
            "job_title": luck.choice(JOBS),
            "website": f"https://www.{domain}",
            "size": luck.choices(SIZES, (3, 6, 5, 2, 1))[0],
            "industry": industry,
            "street": f"{luck.randint(1, 180)} {luck.choice(STREETS)}",
            "postcode": _digits(postcode, luck),
            "city": town,
            "region": region,
            "country": country,
        }
        for field, odds in (("phone", 0.2), ("job_title", 0.3), ("website", 0.35), ("street", 0.4)):
            if luck.random() < odds:
                contact[field] = ""
        return contact


def _digits(pattern: str, luck: Random) -> str:
    """Replace each 9 among the last three characters by some digit: those are free to choose."""
    kept, free = pattern[:-3], pattern[-3:]
    return kept + "".join(str(luck.randint(0, 9)) if char == "9" else char for char in free)
