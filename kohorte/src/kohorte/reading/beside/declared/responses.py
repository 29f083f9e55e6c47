"""Answers to surveys: one row per answer, or one per person with a column for each question.

So Delighted, Typeform, SurveyMonkey, Google Forms, LimeSurvey, Trustpilot and own lists write them.
Traps: the kind of question and its scale mostly stand in no column; codes such as 11 or 99 mean
that nothing was answered; rows that are all alike are different people.
"""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Sentence, Text
from kohorte.reading.beside.declaring import CUSTOMER, EMAIL, Field, FileKind, choices, said

# What people tick who do not answer.
_UNANSWERED = (
    "coalesce(lower(score_text) IN ('keine angabe', 'k. a.', 'k.a.', 'weiß nicht', 'weiss nicht', "
    "'keine antwort', 'nicht beantwortet', 'don''t know', 'do not know', 'no answer', 'not answered', "
    "'not applicable', 'prefer not to say', 'blank', 'skipped', 'no response', 'unoffered', 'offered'), "
    "score_text IS NULL)"
)
# What headers ask that are questions themselves, written as `words.normal` writes them.
QUESTIONS = {
    "nps": r"\bnps\b|net promoter|recommend|weiterempfehl|weiter empfehl|empfehlen",
    "ces": r"\bces\b|effort|how (easy|difficult)|easy (was|is|it was)|made it easy|aufwand|muehe"
    r"|wie (einfach|leicht|schwer)|(einfach|leicht) (war|fiel|gemacht)",
    "leaving": r"why (are|did) you (leav|cancel|stop|go)|reason for (leaving|cancel)|warum (gehen"
    r"|kuendigen|verlassen|bestellen sie nicht)|kuendigungsgrund|grund der kuendigung|leaving reason"
    r"|grund fuer (ihre |die )?kuendigung|cancellation reason",
    "csat": r"\bcsat\b|satisf|zufrieden|how would you rate|wie bewerten sie|gesamtbewertung",
}
KIND = FileKind(
    table=tables.BESIDE["responses"],
    name=Text(de="Antworten auf Umfragen", en="Answers to surveys"),
    row=Sentence("an answer to a survey"),
    needs=(("answered_at",), ("score",)),
    named=frozenset(
        [
            "responses",
            "response",
            "answers",
            "antworten",
            "umfrage",
            "umfragen",
            "survey",
            "surveys",
            "befragung",
            "feedback",
            "nps",
            "csat",
            "ces",
            "delighted",
            "typeform",
            "trustpilot",
            "reviews",
            "bewertungen",
            "surveymonkey",
        ]
    ),
    without=("amount", "quantity", "unit_price"),
    fields=(
        Field(
            name="response_id",
            reads="id",
            telling=said(
                "response_id, Response ID, Survey response ID, Antwortnummer, Antwort-Nr, Antwort-ID, "
                "Respondent ID, Respondent, Teilnehmer-ID, Submission ID, Nummer der Antwort, "
                "Response number, Response token, Survey response"
            ),
            usual=said("Reference ID, Review ID, Person ID, ID, Nr, Nummer, Network ID, Token"),
        ),
        CUSTOMER,
        EMAIL,
        Field(
            name="answered_at",
            reads="instant",
            required=True,
            telling=said(
                "answered_at, Antwortdatum, Beantwortet am, Geantwortet am, Response date, Responded "
                "at, Answered at, Answer date, Submit date, Submitted at, Survey date, Umfragedatum, "
                "Review created, Interview date, Date submitted, Completed at, Abgegeben am, "
                "Bewertungsdatum, Review date"
            ),
            usual=said(
                "Zeitstempel, Timestamp, Datum, Date, Created at, End date, Created, Zeitpunkt, "
                "Erstellt am, Eingang, Recorded date, Time, Start date, Updated at"
            ),
        ),
        Field(
            name="question",
            reads="choice",
            otherwise="other",
            telling=said("Survey type, Fragetyp, Question type, Frageart, Umfragetyp, Survey"),
            usual=said("question, Frage, Art, Type, Metric, Kennzahl, Umfrage, Typ"),
            choices=choices(
                nps="Net Promoter Score, Weiterempfehlung, Empfehlung, Recommendation, "
                "Weiterempfehlungsbereitschaft",
                csat="Zufriedenheit, Kundenzufriedenheit, Satisfaction, Customer satisfaction, "
                "Bewertung, Rating, Stars, Smiley",
                ces="Aufwand, Mühe, Customer effort, Customer effort score, Effort",
                leaving="Abwanderung, Kündigungsgrund, Grund, Churn, Exit, Kündigung, Cancellation",
            ),
        ),
        Field(
            name="score",
            reads="score",
            telling=said(
                "score, NPS, NPS score, CSAT, CES, Punktzahl, Angekreuzter Wert, Review stars, Sterne, "
                "Stars, Star rating, Answer score, CSAT score, CES score, NPS-Wert, Rating, "
                "Satisfaction rating, Recommendation score"
            ),
            usual=said("Wert, Bewertung, Note, Punkte, Value"),
        ),
        Field(
            name="lowest",
            reads="number",
            telling=said(
                "lowest, Kleinster Wert, Skala von, Scale from, Minimum, Lowest score, Scale min"
            ),
        ),
        Field(
            name="highest",
            reads="number",
            telling=said(
                "highest, Größter Wert, Skala bis, Scale to, Maximum, Highest score, Scale max, Best "
                "score"
            ),
        ),
        Field(
            name="weight",
            reads="number",
            usual=said("weight, Gewicht, Gewichtung, Weighting, Survey weight"),
        ),
        Field(
            name="answer",
            reads="text",
            usual=said(
                "answer, Antwort, Antwort in Worten, Kommentar, Comment, Feedback, Begründung, "
                "Review content, Text, Freitext, Open text, Bemerkung, Answer in words, Reason"
            ),
        ),
        Field(
            name="ticket_id",
            reads="id",
            usual=said(
                "ticket_id, Ticket ID, Ticket, Ticketnummer, Ticket-Nr, Ticket number, Conversation ID, "
                "Vorgangsnummer, Anfragenummer, Nummer des Gesprächs, Case ID"
            ),
        ),
    ),
    made={
        "score": "CASE WHEN question <> 'leaving' THEN score END",
        "answer": "CASE WHEN question = 'leaving' AND score IS NULL "
        "THEN coalesce(score_text, answer) ELSE answer END",
    },
    left_out={
        "question = 'other'": Sentence("Answers to other questions were left out: {count}."),
        f"question <> 'leaving' AND score IS NULL AND {_UNANSWERED}": Sentence(
            "Rows without a score were left out: {count}."
        ),
        "question = 'leaving' AND coalesce(score_text, answer) IS NULL": Sentence(
            "Questions about leaving without an answer were left out: {count}."
        ),
    },
    spared={"score": "question = 'leaving'"},
    same=("response_id", "question", "answered_at"),
    asks=QUESTIONS,
)
