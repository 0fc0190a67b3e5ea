package resolvers

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/access"
	"github.com/vigie-dev/vigie/graph/model"
	"github.com/vigie-dev/vigie/loaders"
)

// maxExport bounds the export of a customer, in bytes.
const maxExport = 50 << 20

// erase erases a customer. The customer is read afresh: the loaders of the response may have seen it as it was.
func (r *mutationResolver) erase(ctx context.Context, id domain.ID) (*model.CustomerErasePayload, error) {
	if id.Kind != domain.KindCustomer {
		return refusedErasure("this is not the id of a customer", domain.UserErrorNotFound), nil
	}
	store := loaders.For(ctx).Store
	entry := access.Entry(ctx, store.Viewer())
	entry.At = r.Now()
	changed, err := store.EraseCustomer(ctx, id, entry)
	if domain.ErrorCode(err) == domain.CodeNotFound {
		return refusedErasure("there is no such customer", domain.UserErrorNotFound), nil
	}
	if err != nil {
		return nil, err
	}
	customers, err := store.CustomersByID(ctx, []domain.ID{id})
	if err != nil {
		return nil, err
	}
	payload := &model.CustomerErasePayload{UserErrors: []*domain.UserError{}}
	if !changed {
		payload = refusedErasure("the customer has been erased before; nothing has changed", domain.UserErrorAlreadyErased)
	}
	payload.Customer = customers[id]
	return payload, nil
}

func refusedErasure(message string, code domain.UserErrorCode) *model.CustomerErasePayload {
	return &model.CustomerErasePayload{UserErrors: []*domain.UserError{{Field: []string{"input", "id"}, Message: message, Code: code}}}
}

// export is all that is kept of a customer; nil where the customer is not for the viewer.
func (r *queryResolver) export(ctx context.Context, id domain.ID) (*domain.CustomerExport, error) {
	err := expect(id, domain.KindCustomer, "id")
	if err != nil {
		return nil, err
	}
	data, err := loaders.For(ctx).Store.ExportCustomer(ctx, id, maxExport)
	if domain.ErrorCode(err) == domain.CodeNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &domain.CustomerExport{Customer: id, At: r.Now(), Data: data}, nil
}
