"""The usual phrases of Spanish, French, Italian, Dutch and Portuguese headers, with their weights."""

from __future__ import annotations

from collections.abc import Mapping

from kohorte.reading.meaning.phrases import weigh
from kohorte.reading.meaning.words import words_of
from kohorte.reading.options import Meaning

ABROAD: Mapping[Meaning, Mapping[str, float]] = {
    "order_id": weigh(
        1.0,
        "numero de pedido, no de pedido, n de pedido, id pedido, id de pedido, pedido, "
        "numero do pedido, no do pedido, n do pedido, id do pedido, "
        "numero de commande, no de commande, n de commande, n commande, id commande, commande, "
        "numero d ordre, numero ordine, n ordine, id ordine, ordine, numero dell ordine, "
        "bestelnummer, bestelling",
    )
    | weigh(
        0.95,
        "numero de factura, no de factura, factura, numero de facture, n de facture, facture, "
        "numero fattura, fattura, factuurnummer, factuur, nota fiscal, numero da nota, "
        "transacao, transaccion",
    )
    | weigh(0.6, "numero"),
    "customer_id": weigh(
        1.0,
        "id cliente, id del cliente, numero de cliente, codigo de cliente, codigo cliente, cliente, "
        "id do cliente, codigo do cliente, numero client, numero de client, n client, n de client, "
        "id client, code client, codice cliente, numero cliente, klantnummer, klantnr, klant nr, "
        "klant id, klant",
    )
    | weigh(0.8, "comprador, acheteur, acquirente, usuario, utilisateur, utente, gebruiker, koper"),
    "email": weigh(
        1.0,
        "correo electronico, correo, adresse e mail, adresse email, courriel, adresse mail, "
        "indirizzo e mail, indirizzo email, e mailadres, emailadres",
    ),
    "date": weigh(
        1.0,
        "fecha, fecha de pedido, fecha del pedido, fecha pedido, fecha de compra, fecha de factura, "
        "date de commande, date commande, date d ordre, date d achat, date de facture, date achat, "
        "data ordine, data dell ordine, data fattura, data acquisto, besteldatum, orderdatum, "
        "factuurdatum, aankoopdatum, data do pedido, data da venda, data da compra",
    )
    | weigh(
        0.8,
        "data, fecha de creacion, date de creation, data di creazione, aangemaakt op, data de emissao, "
        "data de criacao, fecha de venta, data de venda, data emissione",
    ),
    "amount": weigh(
        1.0,
        "importe, importe total, monto, monto total, total del pedido, valor total, valor do pedido, "
        "montant, montant total, total ttc, montant ttc, prix total, total commande, totale, "
        "importo, importo totale, totale ordine, bedrag, totaal, totaalbedrag, totaalprijs, "
        "chiffre d affaires, fatturato, receita, ventas",
    )
    | weigh(0.85, "lordo, bruto, bedrag incl btw, totaal incl btw")
    | weigh(
        0.8, "valor, neto, base imponible, total ht, montant ht, imponibile, valor total liquido"
    ),
    "quantity": weigh(
        1.0, "cantidad, unidades, quantite, qte, quantita, aantal, quantidade, qtd, pezzi"
    ),
    "unit_price": weigh(
        1.0,
        "precio unitario, prix unitaire, prezzo unitario, preco unitario, stukprijs, prijs per stuk",
    )
    | weigh(0.8, "precio, prix, prezzo, preco, prijs"),
    "product_id": weigh(
        1.0,
        "codigo de producto, codigo del producto, numero d article, code article, reference produit, "
        "codice articolo, codice prodotto, codigo do produto, codigo de articulo",
    ),
    "product": weigh(
        1.0,
        "producto, nombre del producto, articulo, descripcion, produit, nom du produit, titre, "
        "designation, prodotto, nome prodotto, articolo, descrizione, omschrijving, productnaam, "
        "produto, nome do produto, descricao",
    ),
    "country": weigh(1.0, "pais, pays, paese, nazione, pais de envio, pays de livraison"),
    "currency": weigh(1.0, "moneda, divisa, devise, monnaie, valuta, moeda"),
    "status": weigh(
        1.0,
        "estado del pedido, estado, statut, statut de la commande, etat, stato, stato ordine, "
        "orderstatus, situacao, status do pedido",
    ),
    "refund": weigh(
        1.0, "reembolso, importe reembolsado, remboursement, rimborso, terugbetaling, terugbetaald"
    ),
    "paid_at": weigh(
        1.0,
        "fecha de pago, date de paiement, data pagamento, data de pagamento, betaaldatum, betaald op",
    ),
    "tax": weigh(
        1.0, "impuesto, impuestos, iva, tva, montant tva, imposta, btw, imposto, impostos"
    ),
    "postage": weigh(
        1.0,
        "gastos de envio, envio, costo de envio, frais de port, frais de livraison, livraison, "
        "spedizione, spese di spedizione, verzendkosten, frete",
    ),
    "channel": weigh(
        1.0,
        "canal de venta, canal de ventas, canal de vente, canale di vendita, verkoopkanaal, "
        "canal de vendas",
    )
    | weigh(0.9, "canal, canale, kanaal"),
}
# Phrases that name a meaning only alone, as in `phrases.ALONE`.
ALONE: Mapping[Meaning, frozenset[str]] = {
    "order_id": words_of(
        "pedido commande ordine bestelling factura facture fattura factuur numero"
    ),
    "customer_id": words_of(
        "cliente client klant comprador acheteur acquirente usuario utilisateur utente gebruiker "
        "koper"
    ),
    "amount": words_of("valor neto lordo bruto ventas"),
    "status": words_of("estado stato etat"),
    "date": words_of("data"),
    "postage": words_of("envio livraison spedizione"),
    "channel": words_of("canal canale kanaal"),
}
